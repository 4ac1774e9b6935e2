#!/bin/sh
# Is everything Haven needs in .venv? Puts it there, once, from the hashed requirement files.
# Usage: deploy/setup.sh run|dev|lock     (make calls it; two calls at once wait for each other)
set -eu

wanted=${1:-run}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"

python=3.10
tools=.tools
stamp=.venv/haven.stamp

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# What the environment was last made from. `dev` holds all that `run` holds, so either will do for `run`.
mark() { printf '%s %s\n' "$1" "$(cat "requirements$2.txt" .python-version deploy/setup.sh | cksum | tr ' ' -)"; }
is_current() {
    [ -x .venv/bin/haven ] && [ -f "$stamp" ] || return 1
    found=$(cat "$stamp")
    [ "$found" = "$(mark dev -dev)" ] || { [ "$1" = run ] && [ "$found" = "$(mark run '')" ]; }
}

find_uv() {
    if [ -x "$tools/bin/uv" ]; then
        uv=$tools/bin/uv
    elif command -v uv >/dev/null 2>&1; then
        uv=uv
    else
        command -v python3 >/dev/null 2>&1 || stop "Python 3 is needed. On Debian or Ubuntu: apt-get install python3 python3-pip"
        say "fetching uv into $tools"
        PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
            --target "$tools" -r requirements-uv.txt \
            || stop "could not fetch uv. Is pip there? On Debian or Ubuntu: apt-get install python3-pip"
        uv=$tools/bin/uv
    fi
}

# Where Python 3.10 is. uv looks in PATH and among its own; pyenv's are used though nobody put them in PATH.
# When there is none anywhere, the bare version lets uv fetch one.
a_python() {
    "$uv" python find --no-project --no-python-downloads "$python" 2>/dev/null && return
    for found in "${PYENV_ROOT:-${HOME:-/nonexistent}/.pyenv}/versions/$python".*/bin/python$python; do
        if [ -x "$found" ]; then
            printf '%s\n' "$found"
            return
        fi
    done
    printf '%s\n' "$python"
}

# A launcher of our own: it works from any folder, and needs no package index to be made.
# Data and model stay with the installation unless the settings say otherwise.
write_launcher() {
    cat > .venv/bin/haven.new <<'LAUNCHER'
#!/bin/sh
here=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd -P)
root=${here%/.venv/bin}
export PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}"
export HAVEN_VAR_DIR="${HAVEN_VAR_DIR:-$root/var}" HAVEN_MODEL_DIR="${HAVEN_MODEL_DIR:-$root/models}"
exec "$here/python" -m bot "$@"
LAUNCHER
    chmod +x .venv/bin/haven.new
    mv -f .venv/bin/haven.new .venv/bin/haven
}

install() {
    suffix=
    [ "$1" = run ] || suffix=-dev
    find_uv
    if ! .venv/bin/python -c "import sys; sys.exit(sys.version_info[:2] != (3, 10))" >/dev/null 2>&1; then
        say "making .venv with Python $python"
        "$uv" venv --quiet --clear --no-project --python "$(a_python)" .venv \
            || stop "Python $python was not found and could not be fetched. See README.md, \"What you need\"."
    fi
    say "installing requirements$suffix.txt (the first time takes a few minutes)"
    "$uv" pip sync --quiet --python .venv/bin/python --require-hashes "requirements$suffix.txt"
    write_launcher
    mark "$1" "$suffix" > "$stamp"
}

# compile NAME: requirements NAME.in, every file pinned by hash, no address and no path of this machine in it.
compile() {
    say "compiling $1.txt"
    "$uv" pip compile --quiet --generate-hashes --python-version "$python" --no-header --no-annotate --no-emit-index-url \
        --no-emit-find-links --upgrade --output-file "$1.txt" "$1.in"
}

locked() {
    mkdir -p "$tools"
    if command -v flock >/dev/null 2>&1; then
        exec 9> "$tools/lock"
        flock -w 1800 9 || stop "another setup has been running for half an hour: stop it, then try again"
        return
    fi
    tries=0
    until mkdir "$tools/lock.d" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 900 ] || stop "another setup is running; if none is, remove $tools/lock.d"
        sleep 2
    done
    trap 'rmdir "$tools/lock.d"' EXIT
}

case $wanted in
    run | dev)
        is_current "$wanted" && exit 0
        locked
        is_current "$wanted" && exit 0
        # An environment made for developers stays one: `make run` never takes their tools away.
        [ -f "$stamp" ] && [ "$(cut -d' ' -f1 "$stamp")" = dev ] && wanted=dev
        install "$wanted"
        ;;
    lock)
        locked
        find_uv
        for name in requirements requirements-dev requirements-uv requirements-node; do compile "$name"; done
        ;;
    *) stop "say run, dev or lock" ;;
esac
