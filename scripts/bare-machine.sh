#!/usr/bin/env bash
# Does what the README promises on a machine that has nothing: scripts/bare-machine.sh [--keep] [--npm-cache] [COMMAND…]
#
# Clones HEAD into a new folder, hides the tools that Vachan must do without, all fonts and all caches, proves that they are hidden,
# and runs `npm ci` there, then each COMMAND; by default `npm test` and `npm run demo`. --keep leaves the clone and the logs.
# --npm-cache spares a slow line a gigabyte: npm may take packages from this machine's cache, which it checks against the lock's digests.
# Exit code: of the first command that failed; 2 for a wrong argument, 3 where something could not be hidden.
set -uo pipefail

# What test, bench or demo could find by name, or in Debian's folder of Postgres.
hidden_tools='ffmpeg ffprobe sox soxi espeak-ng espeak psql pg_ctl initdb postgres pg_isready mongod mongosh temporal temporal-server temporal-test-server chromium chromium-browser google-chrome google-chrome-stable'
hidden_folders=(/usr/lib/postgresql /usr/share/fonts /usr/local/share/fonts)
lines_shown=25

fail() { echo "bare-machine: $2" >&2; exit "$1"; }

keep=
npm_cache=
commands=()
while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=yes ;;
    --npm-cache) npm_cache=$(npm config get cache) || fail 3 'npm does not say where its cache is' ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) fail 2 "unknown option $1; expected --keep, --npm-cache or a command" ;;
    *) commands+=("$1") ;;
  esac
  shift
done
[ ${#commands[@]} -gt 0 ] || commands=('npm test' 'npm run demo')

root=$(cd "$(dirname "$0")/.." && pwd)

# Folders are hidden by empty ones mounted over them, which only this process and its children see.
if [ -z "${BARE_MACHINE_MOUNTS:-}" ]; then
  for folder in "${hidden_folders[@]}"; do
    [ -d "$folder" ] || continue
    [ "$(id -u)" = 0 ] || fail 3 "$folder is there, and only root can hide it (run it as root, or where there is none)"
    command -v unshare >/dev/null || fail 3 "$folder is there, and unshare (util-linux), which would hide it, is not"
    export BARE_MACHINE_MOUNTS=yes
    exec unshare --mount --propagation private -- bash "$0" ${keep:+--keep} ${npm_cache:+--npm-cache} "${commands[@]}"
  done
fi

machine=$(mktemp -d "${TMPDIR:-/tmp}/vachan-bare.XXXXXX") || exit 3
running=
finish() {
  [ -z "$running" ] || { kill -TERM -- "-$running" && wait "$running"; } 2>/dev/null
  if [ -n "$keep" ]; then echo "Kept: $machine"; else rm -rf "$machine"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM HUP
# Others must be able to enter: Postgres runs as another user where this is root.
chmod 755 "$machine"
mkdir "$machine"/{home,tools,tmp,empty,logs}
chmod 1777 "$machine/tmp"

if [ -n "${BARE_MACHINE_MOUNTS:-}" ]; then
  for folder in "${hidden_folders[@]}"; do
    [ ! -d "$folder" ] || mount --bind "$machine/empty" "$folder" || fail 3 "$folder could not be hidden"
  done
fi

# PATH as it is, but for folders that hold a hidden tool: of those, links to all the rest.
is_hidden() { case " $hidden_tools " in *" $1 "*) return 0 ;; esac; return 1; }
bare_path=
IFS=: read -ra folders <<<"$PATH"
for folder in "${folders[@]}"; do
  [ -d "$folder" ] || continue
  stand_in=$folder
  for tool in $hidden_tools; do
    if [ -e "$folder/$tool" ]; then stand_in=$machine/tools/$(tr / _ <<<"$folder"); break; fi
  done
  if [ "$stand_in" != "$folder" ] && mkdir "$stand_in" 2>/dev/null; then
    for file in "$folder"/*; do
      name=${file##*/}
      if is_hidden "$name"; then continue; fi
      case $name in
        # A linked Python would look for its library beside the link.
        python*) printf '#!/bin/sh\nexec "%s" "$@"\n' "$file" >"$stand_in/$name"; chmod 755 "$stand_in/$name" ;;
        *) ln -s "$file" "$stand_in/$name" ;;
      esac
    done
  fi
  bare_path=$bare_path${bare_path:+:}$stand_in
done
printf '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>\n' >"$machine/fonts.conf"

# How this machine reaches its registries is no tool of Vachan's; everything else of the environment stays outside.
environment=(HOME="$machine/home" PATH="$bare_path" TMPDIR="$machine/tmp" FONTCONFIG_FILE="$machine/fonts.conf" LANG="${LANG:-C.UTF-8}")
while IFS='=' read -r name value; do
  case $name in
    PIP_CACHE_DIR | npm_config_cache | NPM_CONFIG_CACHE) ;;
    PIP_* | npm_config_* | NPM_CONFIG_* | http_proxy | https_proxy | no_proxy | HTTP_PROXY | HTTPS_PROXY | NO_PROXY | NODE_EXTRA_CA_CERTS | SSL_CERT_FILE | SSL_CERT_DIR | REQUESTS_CA_BUNDLE | CI)
      environment+=("$name=$value") ;;
  esac
done < <(env)
[ -z "$npm_cache" ] || environment+=(npm_config_cache="$npm_cache" npm_config_prefer_offline=true)
[ ! -f "${HOME:-/nowhere}/.npmrc" ] || cp "$HOME/.npmrc" "$machine/home/.npmrc"

on_bare_machine() { env -i "${environment[@]}" "$@"; }

for tool in $hidden_tools; do
  found=$(on_bare_machine sh -c "command -v $tool") && fail 3 "$tool can still be found: $found"
done
for folder in "${hidden_folders[@]}"; do
  [ ! -d "$folder" ] || [ -z "$(ls -A "$folder")" ] || fail 3 "$folder can still be read"
done
for tool in node npm python3; do
  on_bare_machine sh -c "command -v $tool" >/dev/null || fail 3 "$tool is missing, which the README asks for"
done
fonts=$(on_bare_machine sh -c 'command -v fc-list >/dev/null && fc-list' | wc -l)
[ "$fonts" = 0 ] || fail 3 "$fonts fonts can still be found"
echo "Hidden: $hidden_tools, fonts; empty: HOME, every cache${npm_cache:+ but that of npm}."
echo "There: node $(on_bare_machine node --version), npm $(on_bare_machine npm --version), $(on_bare_machine python3 --version)."

git clone --quiet --no-hardlinks "$root" "$machine/vachan" || fail 3 "the clone failed"
echo "Cloned: $(git -C "$machine/vachan" log -1 --format='%h %s')"

status=0
commands=('npm ci' "${commands[@]}")
for number in "${!commands[@]}"; do
  log=$machine/logs/$number.log
  echo
  echo "== ${commands[number]}"
  started=$SECONDS
  # A group of its own, so that an interrupted run takes everything with it; a file, so that no pipe is held open.
  set -m
  (cd "$machine/vachan" && on_bare_machine sh -c "${commands[number]}" >"$log" 2>&1 </dev/null) &
  running=$!
  set +m
  wait "$running"
  ended=$?
  running=
  tail -n "$lines_shown" "$log"
  echo "== ${commands[number]}: exit code $ended after $((SECONDS - started)) s"
  if [ "$ended" != 0 ]; then
    status=$ended
    saved=$(mktemp "${TMPDIR:-/tmp}/vachan-bare-log.XXXXXX") && cp "$log" "$saved" && echo "The whole output: $saved"
    break
  fi
done
exit "$status"
