"""Writes what was measured: results.json for programs, and the tables of the model's card for people."""

import json
import re


def _rounded(value):
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def summary(results):
    return (f"Over all kinds: AUC {results['auc']:.3f}, {results['recall']:.0%} of the anomalies found, "
            f"{results['false_alarms']:.1%} false alarms among readings.")


def anomaly_table(results, columns):
    """`columns`: title and key of each share beside how many were found and the AUC."""
    lines = [" | ".join(["| anomaly", "recordings", "found", "AUC", *(title for title, _ in columns)]) + " |", "|---" * (4 + len(columns)) + "|"]
    for kind, row in results["anomalies"].items():
        cells = [kind.replace("_", " "), str(row["recordings"]), f"{row['recall']:.0%}", f"{row['auc']:.3f}"]
        lines.append(f"| {' | '.join(cells + [f'{row[key]:.0%}' for _, key in columns])} |")
    return lines


def good_table(results):
    return ["| good recordings | recordings | flagged |", "|---|---|---|",
            *(f"| {name.replace('_', ' ')} | {row['recordings']} | {row['flagged']:.1%} |" for name, row in results["good"].items())]


def replace_block(folder, title, lines):
    """Puts the lines between the card's two marks of the title."""
    path, text = folder / "README.md", "\n".join(lines)
    block = f"<!-- {title}: written by training -->\n\n{text}\n\n<!-- end of {title} -->"
    pattern = rf"<!-- {title}:.*?<!-- end of {title} -->"
    path.write_text(re.sub(pattern, lambda _: block, path.read_text(encoding="utf-8"), flags=re.S), encoding="utf-8")


def write(folder, results):
    """results.json anew, and the card's table of the reporting set."""
    columns = [("made in a way unheard", "recall_way_unheard"), ("of a kind unheard", "recall_kind_unheard")]
    replace_block(folder, "results", [summary(results), "", *anomaly_table(results, columns), "", *good_table(results)])
    (folder / "results.json").write_text(json.dumps(_rounded(results), indent=2) + "\n", encoding="utf-8")


def add_independent(folder, results):
    """The independent evaluation, into results.json and the card."""
    replace_block(folder, "independent results", [summary(results), "", *anomaly_table(results, []), "", *good_table(results)])
    path = folder / "results.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**known, "independent": _rounded(results)}, indent=2) + "\n", encoding="utf-8")
