#!/bin/sh
# usage: test_wheel.sh PYTHON [WHEEL|SDIST]
# Build the wheel unless one is given, install it into an environment of its own, and run the demo
# from outside the tree: only so does anybody notice a file that the wheel lacks.
set -eu
python=$1 built=${2:-}
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$built" ]; then
    "$python" -m build --wheel --outdir "$work" "$here" >"$work/build.log" 2>&1 || {
        cat "$work/build.log"
        exit 1
    }
    built=$(ls "$work"/*.whl)
fi
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    -c "$here/constraints.txt" "$built"
mkdir "$work/elsewhere"
cp -R "$here/examples" "$here/scripts" "$work/elsewhere"
cd "$work/elsewhere"
"$work/venv/bin/pushctl" --version
"$work/venv/bin/pushctl" schema >/dev/null
"$work/venv/bin/pushctl" help state/oss >/dev/null
test -s "$work/venv/share/man/man1/pushctl-plan.1"
for ci in github gitlab; do
    new=$(mktemp -d -p "$work")
    "$work/venv/bin/pushctl" --quiet -C "$new" init --ci "$ci" >/dev/null
    "$work/venv/bin/pushctl" -C "$new" init --ci "$ci" --upgrade
done
PATH="$work/venv/bin:$PATH" sh scripts/demo.sh
