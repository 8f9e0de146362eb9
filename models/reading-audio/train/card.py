"""Writes what was measured: results.json for programs, and the tables of the model's card for people."""

import json
import re


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return round(value, 4) if isinstance(value, float) else value


def between(interval, digits):
    return " to ".join(f"{100 * bound:.1f}" if digits == "%" else f"{bound:.3f}" for bound in interval)


def summary(results):
    bounds = results["intervals"]
    return (f"Over all kinds: AUC {results['auc']:.3f} (95 % interval {between(bounds['auc'], '')}), {results['recall']:.1%} of the anomalies found "
            f"({between(bounds['recall'], '%')}), {results['false_alarms']:.1%} false alarms among readings ({between(bounds['false_alarms'], '%')}).")


def comparison(results, before):
    """The version before on the same recordings, or nothing where it was not scored on them."""
    if before is None:
        return []
    lines = ["", f"| | this version | {before['version']} |", "|---|---|---|"]
    for key, title in (("auc", "AUC"), ("recall", "anomalies found"), ("false_alarms", "false alarms")):
        cells = [f"{part[key]:.3f} ({between(part['intervals'][key], '')})" if key == "auc" else
                 f"{part[key]:.1%} ({between(part['intervals'][key], '%')})" for part in (results, before)]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    for kind in results["anomalies"]:
        cells = [f"{part['anomalies'][kind]['recall']:.0%} ({between(part['anomalies'][kind]['recall_interval'], '%')})" for part in (results, before)]
        if cells[0] != cells[1]:
            lines.append(f"| {kind.replace('_', ' ')} found | {' | '.join(cells)} |")
    for source in results["good"]:
        cells = [f"{part['good'][source]['flagged']:.1%}" for part in (results, before)]
        if cells[0] != cells[1]:
            lines.append(f"| {source} flagged | {' | '.join(cells)} |")
    return lines


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
    (folder / "results.json").write_text(json.dumps(rounded(results), indent=2) + "\n", encoding="utf-8")


def add_evaluation(folder, group, results, before):
    """The independent evaluation or that of the voices kept back, beside the version before where it is given, into results.json and the card."""
    replace_block(folder, f"{group.replace('_', ' ')} results", [
        summary(results), *comparison(results, before), "", *anomaly_table(results, []), "", *good_table(results)])
    path = folder / "results.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**known, group: rounded(results)}, indent=2) + "\n", encoding="utf-8")
