#!/bin/sh
# The main job, start to end, in a folder that is thrown away: no account, nothing left behind.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R examples/quickstart/. "$work"
cd "$work"
unset PUSHCTL_ENDPOINT PUSHCTL_ENV PUSHCTL_NOW PUSHCTL_FILE PUSHCTL_CHDIR

step() {
    printf '\n$ %s\n' "$*"
    "$@"
}

step pushctl validate
step pushctl plan
step pushctl apply --yes
step pushctl plan --detailed-exitcode
printf '\nThe second plan has nothing to do: every push is scheduled, once.\n'

step pushctl sandbox clock next
step pushctl sandbox inbox --wait 1
printf '\nThe clock of the emulated service moved to the next delivery, and it arrived.\n'
