# The recorded state on its branch: the part of pushctl.sh that keeps it safe. See docs/ci.md.
#
# A job that changes the state first pushes a *claim*, and pushes the new state when it is done. Of
# two claims git accepts one; and a claim that stays tells that a machine was lost with what it had
# recorded. A second ref, refs/pushctl/BRANCH, moves along with the branch and nobody sees it, so
# that a branch which was deleted or set back is noticed.
#
# The branch is shared by all folders and environments. Nothing here touches the files of another.
# Nothing of it is ever checked out: files are read and written as git keeps them, and only plain
# ones, so that no link, filter or attribute that somebody pushed is followed.
#
# $OWN is what this job knows of its own claim:
#   command  which step of the job made it
#   claim    the words of the claim, with a key that no other claim has
#   laid     which files had been laid out when all were; without it, nothing is taken in
#   base     the state that was laid out
#   kept     the state as this run left it, until the branch has it
#   behind   there if the second ref says something else, and stays as it is
# shellcheck shell=bash disable=SC2015,SC2153

SEEN=refs/pushctl/$BRANCH
STATE_FILES=(state.json state.journal state.backup.json state.backup.journal state.history)

# The clone lives for one step: nothing in it is worth tidying up. $STATE/$FOLDER has the files of this
# state that are on the branch, and $READ their paths there.
READ=$STATE.read
in_state() {
  git --git-dir="$STATE.git" -c user.name=pushctl -c user.email=pushctl@invalid -c gc.auto=0 -c maintenance.auto=false "$@"
}

claim_file() { printf '%s' "$STATE/$FOLDER/$NAME.claim"; }

# The token goes to git through its environment: an argument could be read by every process.
authorize() {
  local server user=x-access-token token=${STATE_TOKEN:-}
  export GIT_TERMINAL_PROMPT=0
  if [ "${GITHUB_ACTIONS:-}" = true ]; then
    server=${GITHUB_SERVER_URL:?} STATE_URL=$server/${GITHUB_REPOSITORY:?}.git
  else
    server=${CI_SERVER_URL:?} STATE_URL=$server/${CI_PROJECT_PATH:?}.git user=oauth2
    [ "$token" != "${CI_JOB_TOKEN:-}" ] || user=gitlab-ci-token
  fi
  if [ -n "$token" ]; then
    token=$(printf '%s' "$user:$token" | base64 | tr -d '\n')
    export GIT_CONFIG_COUNT=1
    export GIT_CONFIG_KEY_0="http.$server/.extraheader"
    export GIT_CONFIG_VALUE_0="Authorization: Basic $token"
  fi
}

# --- files ----------------------------------------------------------------------------------------

# The names of the files of this state in a folder. Spelled out, since `NAME.state.*` would also
# match the files of an environment whose name begins with `state.`
names() {
  local name file
  for name in "${STATE_FILES[@]}"; do
    for file in "$1/$NAME.$name" "$1/$NAME.$name".aside-*; do
      [ ! -f "$file" ] && [ ! -L "$file" ] || printf '%s\n' "${file##*/}"
    done
  done
}

# Copy the files of this state from one folder to another.
copy_state() {
  local name
  while IFS= read -r name; do
    [ -z "$name" ] || copy_file "$1/$name" "$2/$name"
  done <<<"$(names "$1")"
}

# Nothing is read or written through a link, wherever it leads.
copy_file() {
  [ ! -L "$1" ] || die "$1 is a link, and only plain files are taken for a state. $(where_kept)"
  rm -f -- "$2" && cp -p -- "$1" "$2" || die "$1 cannot be copied"
}

# Copy files whose names begin with $2 from the folder $1 to $3, where they begin with $4.
copy_named() {
  local file name
  for file in "$1/$2"*; do
    [ -f "$file" ] && [ ! -L "$file" ] || continue
    name=${file##*/}
    copy_file "$file" "$3/$4${name#"$2"}"
  done
}

remove_state() {
  local name
  while IFS= read -r name; do
    [ -z "$name" ] || rm -f -- "$1/$name" || die "$1/$name cannot be removed"
  done <<<"$(names "$1")"
}

# Names and contents of the state in a folder, to compare with.
fingerprint() {
  local name hash
  while IFS= read -r name; do
    [ -n "$name" ] || continue
    hash=$(git hash-object --no-filters -- "$1/$name") || return 1
    printf '%s %s\n' "$hash" "$name"
  done <<<"$(names "$1")"
}

# --- the branch -----------------------------------------------------------------------------------

# Have the newest state in $STATE, and say in HISTORY how the branch compares with the second ref:
#   new    neither is there: the first run
#   good   the branch holds all that was ever seen on it
#   gone   the branch is not there any more       } what was seen is in $STATE
#   older  the branch was set back                }
#   other  the branch was written anew            the branch is in $STATE
# Fails if that cannot be read: a state that looks empty would have everything created once more.
fetch_state() {
  look_at_branch || return 1
  case $HISTORY in
  older | other) # between the two of one push, or so it is
    sleep "$PAUSE"
    look_at_branch
    ;;
  esac
}

look_at_branch() {
  local told hash ref specs=() tip='' seen=''
  told=$(git ls-remote --quiet "$STATE_URL" "refs/heads/$BRANCH" "$SEEN") || return 1
  while IFS=$'\t' read -r hash ref; do
    case $ref in
    "refs/heads/$BRANCH") tip=$hash && specs+=("+$ref:refs/remotes/state") ;;
    "$SEEN") seen=$hash && specs+=("+$ref:refs/remotes/seen") ;;
    esac
  done <<<"$told"
  new_clone || return 1
  TIP=$tip HISTORY=new
  [ -n "$tip$seen" ] || return 0
  in_state fetch --quiet --depth=1 "$STATE_URL" "${specs[@]}" || return 1
  if [ -z "$tip" ]; then
    HISTORY=gone
  elif [ -z "$seen" ] || same_ref; then
    HISTORY=good
  else
    in_state fetch --quiet --depth=2147483647 "$STATE_URL" "${specs[@]}" || return 1
    if in_state merge-base --is-ancestor refs/remotes/seen refs/remotes/state; then
      HISTORY=good
    elif in_state merge-base --is-ancestor refs/remotes/state refs/remotes/seen; then
      HISTORY=older
    else
      HISTORY=other
    fi
  fi
  # What was fetched, which may be newer than what was told a moment before.
  case $HISTORY in
  gone | older) REV=$(in_state rev-parse refs/remotes/seen) || return 1 ;;
  *) REV=$(in_state rev-parse refs/remotes/state) && TIP=$REV || return 1 ;;
  esac
  read_branch
}

# Tell whether a name is one of this state.
is_name() {
  local name
  case $1 in *[!A-Za-z0-9._-]*) return 1 ;; "$NAME".claim | "$NAME".sandbox.db*) return 0 ;; esac
  for name in "${STATE_FILES[@]}"; do
    case $1 in "$NAME.$name" | "$NAME.$name".aside-*) return 0 ;; esac
  done
  return 1
}

# Have the files of this state on the branch in $STATE; refuses whatever else stands in their place.
read_branch() {
  local entry path
  in_state ls-tree -r -t -z --full-tree "$REV" >"$STATE.all" || return 1
  while IFS= read -r -d '' entry; do
    path=${entry#*$'\t'}
    case $FOLDER/ in "$path"/*) [[ $entry == "040000 tree "* ]] || refuse_entry "$path" ;; esac
    if [ "$path" = "$PREFIX${path##*/}" ] && is_name "${path##*/}"; then
      [[ $entry == "100644 blob "* ]] || refuse_entry "$path"
      entry=${entry%%$'\t'*}
      in_state cat-file blob "${entry##* }" >"$STATE/$path" && printf '%s\0' "$path" >>"$READ" || return 1
    fi
  done <"$STATE.all"
}

refuse_entry() {
  die "$1 on the branch $BRANCH is a link, a program, a folder or another repository. Only plain files (mode 100644) are taken for a state: whoever put it there has to take it away. $(where_kept)"
}

same_ref() {
  local refs
  refs=$(in_state for-each-ref --format='%(objectname)' refs/remotes/state refs/remotes/seen) && [ "${refs%%$'\n'*}" = "${refs##*$'\n'}" ]
}

# Nothing of an earlier look may be taken for what is on the branch now.
new_clone() {
  rm -rf "$STATE" "$STATE.git" && mkdir -p "$STATE/$FOLDER" && : >"$READ" && REV='' &&
    git init --quiet --template= --bare "$STATE.git"
}

# Only what was ever on the branch may be the beginning of something.
check_history() {
  local wrong cure="Nobody can tell from it what was applied. Put the last state back as docs/ci.md says"
  case $HISTORY in
  new | good) return 0 ;;
  gone) wrong="The state branch $BRANCH is gone" ;;
  older) wrong="The state branch $BRANCH was set back to an earlier state" ;;
  *) wrong="The state branch $BRANCH was written anew" ;;
  esac
  [ "$COMMAND" = stop ] || die "$wrong. $cure"
  if [ "$HISTORY" = other ]; then
    annotate warning "$wrong. This stop goes on with what is there now. $cure"
  else
    annotate warning "$wrong. This stop goes on with the last state that was there"
  fi
}

# One more commit on the branch, and on the second ref with it. Nothing is ever forced.
push_state() {
  local tree commit to
  tree=$(new_tree) && commit=$(in_state commit-tree ${REV:+-p "$REV"} -m "$1" "$tree") || return 1
  to=("$commit:refs/heads/$BRANCH")
  [ -f "$OWN/behind" ] || to+=("$commit:$SEEN")
  in_state push --quiet --atomic "$STATE_URL" "${to[@]}"
}

# The tree of the branch, with what is in $STATE in the place of what was read.
new_tree() {
  local path file hash
  in_state read-tree "${REV:---empty}" || return 1
  while IFS= read -r -d '' path; do printf '0 %040d\t%s\0' 0 "$path"; done <"$READ" >"$STATE.new"
  for file in "$STATE/$FOLDER/$NAME".*; do
    [ -f "$file" ] || continue
    hash=$(in_state hash-object -w --no-filters -- "$file") || return 1
    printf '100644 %s\t%s\0' "$hash" "$PREFIX${file##*/}" >>"$STATE.new"
  done
  in_state update-index -z --index-info <"$STATE.new" && in_state write-tree
}

# --- begin ----------------------------------------------------------------------------------------

begin() {
  forget_results
  [ "$COMMAND" != validate ] && [ -n "$BRANCH" ] || return 0
  [ ! -d "$OWN" ] || die "An earlier step of this job has a state of $FOLDER/$NAME that is not on the branch $BRANCH yet"
  check_not_tracked
  authorize
  case $COMMAND in
  apply | stop) claim ;;
  *)
    fetch_state || die "the state branch $BRANCH cannot be read"
    check_history
    if [ -f "$(claim_file)" ]; then
      annotate notice "At work on this state: $(holder). What is shown may be stale soon."
    fi
    ;;
  esac
  lay_out_state
}

# A state that is part of the sources and one on the branch would take turns. The red button does
# not stop for that.
check_not_tracked() {
  local tracked wrong="$FOLDER/$NAME.state.json is part of this branch. Move it to the branch $BRANCH, or set state-branch to nothing (see docs/ci.md)"
  tracked=$(git -C "./$FOLDER" ls-files -- "$NAME.state.*") || die "git cannot tell which files are part of this branch"
  TRACKED=false
  [ -n "$tracked" ] || return 0
  [ "$COMMAND" = stop ] || die "$wrong"
  TRACKED=true
  annotate warning "$wrong"
}

# Wait until nobody has a claim, and push ours. If somebody else is faster, git refuses, and we wait.
claim() {
  local deadline=$((SECONDS + PATIENCE)) holder before key words
  key=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
  [ ${#key} = 16 ] || die "this machine has no random numbers"
  words="$COMMAND of $(run_url) by ${GITHUB_ACTOR:-${GITLAB_USER_LOGIN:-somebody}} since $(date -u +%Y-%m-%dT%H:%M:%SZ), key $key"
  output claim "$key"
  output kept "$OWN/kept"
  while :; do
    fetch_state || die "the state branch $BRANCH cannot be read"
    if is_ours; then return 0; fi # it was accepted, and only the answer was lost
    check_history
    if [ -f "$(claim_file)" ]; then
      holder=$(holder)
      if [ "$SECONDS" -lt "$deadline" ]; then
        say "Waiting for the state: $holder"
        sleep "$PAUSE"
        continue
      fi
      take_over "$holder"
    fi
    # Written down before it is pushed: whatever is cut short, `end` knows what to look for.
    mkdir -p "$OWN" "$STATE/$FOLDER" && printf '%s' "$COMMAND" >"$OWN/command" &&
      printf '%s\n' "$words" >"$OWN/claim" && cp -- "$OWN/claim" "$(claim_file)" || die "the claim cannot be written"
    [ "$HISTORY" != other ] || touch "$OWN/behind"
    before=$TIP
    if push_state "$NAME: $COMMAND begins, $(run_url)"; then return 0; fi
    fetch_state || die "the state branch $BRANCH cannot be read"
    is_ours || [ "$TIP" != "$before" ] || die "the state branch $BRANCH cannot be pushed to: the job needs contents: write, and a rule must not forbid it"
  done
}

# The words of the claim on the branch: no more than a line, and nothing that a log obeys.
holder() { head -c 400 "$(claim_file)" | tr -cd 'A-Za-z0-9 :/._+@,[]-'; }

# Tell whether the claim on the branch is the one of this job.
is_ours() { [ -f "$OWN/claim" ] && [ -f "$(claim_file)" ] && cmp -s "$OWN/claim" "$(claim_file)"; }

take_over() {
  local holder=$1
  if [ "$COMMAND" = stop ]; then
    annotate warning "Took the state over from: $holder. What that run created after it began is not stopped by this one: look at pushctl plan for tasks marked with ?"
  elif [ "${INPUT_TAKE_OVER:-false}" = true ]; then
    annotate warning "Took the state over from: $holder"
  else
    die "The state is claimed: $holder. If that run is still going, wait for it. If its machine was lost, read its log, compare the console with pushctl plan, and run this again with take-over (see docs/ci.md)" 5
  fi
}

# Lay the state beside the manifest. A sandbox that runs inside the command is gone with its machine
# like everything else, so its data goes the same way.
lay_out_state() {
  local new=$WORK/laying here=./$FOLDER
  rm -rf "$new" && mkdir -p "$new" || die "$new cannot be written"
  copy_state "$STATE/$FOLDER" "$new"
  if [ "$TRACKED" = false ] || [ -n "$(names "$new")" ]; then
    remove_state "$here"
    copy_state "$new" "$here"
  fi
  lay_out_sandbox
  [ -d "$OWN" ] || return 0
  [ ! -f "$new/$NAME.state.json" ] || cp -p -- "$new/$NAME.state.json" "$OWN/base" || die "$OWN cannot be written"
  fingerprint "$new" >"$OWN/laying" && mv "$OWN/laying" "$OWN/laid" || die "$OWN cannot be written"
}

lay_out_sandbox() {
  local data=./$FOLDER/.pushctl file
  [ ! -L "$data" ] || return 0
  for file in "$data"/sandbox.db*; do rm -f -- "$file"; done
  mkdir -p "$data" || die "$data cannot be written"
  copy_named "$STATE/$FOLDER" "$NAME.sandbox.db" "$data" sandbox.db
}

# --- end ------------------------------------------------------------------------------------------

# Put the state on the branch and take the claim back. Whatever happened before, and whatever else
# happens on the branch at the same time, what is there afterwards is ours or what was there.
end() {
  [ -f "$OWN/command" ] && [ "$(cat "$OWN/command")" = "$COMMAND" ] || return 0
  trap '' INT TERM # this is short, and it is what the job is for
  local attempt running=false
  settled || running=true
  [ ! -f "$OWN/laid" ] || keep
  [ "$running" = false ] || die "pushctl is still at work. The claim stays on the branch $BRANCH, since what it will have done is not known yet (see docs/ci.md). $(where_kept)"
  authorize
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    [ "$attempt" = 1 ] || sleep "$PAUSE"
    fetch_state || continue
    if is_ours; then
      put_in || continue
      if push_state "$NAME: $COMMAND ends with $(last_code), $(run_url)"; then
        forget_claim
        return 0
      fi
    elif [ ! -d "$OWN/kept" ] || is_there; then
      forget_claim # somebody else has the state, and nothing of ours is missing there
      return 0
    else
      die "The claim of this run is not on the branch $BRANCH any more: somebody took the state over. $(where_kept)"
    fi
  done
  die "The state could not be pushed to the branch $BRANCH. $(where_kept)"
}

# A pushctl may live on after its step was killed; it ends its calls and records them.
settled() {
  local pid deadline=$((SECONDS + SETTLE))
  [ -f "$WORK/pid" ] || return 0
  pid=$(cat "$WORK/pid")
  while kill -0 "$pid" 2>/dev/null; do
    case $(ps -o stat= -p "$pid" 2>/dev/null) in Z*) return 0 ;; esac
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.2
  done
}

# Copy what this run leaves behind, before anything can go wrong with it.
keep() {
  local new=$OWN/keeping
  rm -rf "$new" && mkdir -p "$new" || die "$new cannot be written"
  copy_state "./$FOLDER" "$new"
  copy_named "./$FOLDER" "$NAME.stop-" "$new" "$NAME.stop-"
  [ -L "./$FOLDER/.pushctl" ] || copy_named "./$FOLDER/.pushctl" sandbox.db "$new" "$NAME.sandbox.db"
  check_follows "$new"
  rm -rf "$OWN/kept" && mv "$new" "$OWN/kept" || die "$OWN cannot be written"
  hand_over "$OWN/kept" state
}

# A state only ever grows: the same lineage, and a serial that is no lower.
check_follows() {
  local left=$1/$NAME.state.json
  [ -f "$OWN/base" ] || return 0
  [ -f "$left" ] || die "The state that was laid out is gone from $FOLDER. The branch $BRANCH and the claim were left as they are"
  python3 -I - "$OWN/base" "$left" <<'PYTHON' || die "The state in $FOLDER does not follow the one on the branch $BRANCH, which was left as it is, with the claim"
import json, sys

try:
    base, left = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
    follows = base.get("lineage") == left.get("lineage") and base["serial"] <= left["serial"]
except (ValueError, TypeError, KeyError, AttributeError):
    follows = open(sys.argv[1], "rb").read() == open(sys.argv[2], "rb").read()
sys.exit(not follows)
PYTHON
}

# Put our files over the newest ones, and only ours.
put_in() {
  local there
  if [ -d "$OWN/kept" ]; then
    there=$(fingerprint "$STATE/$FOLDER") || return 1
    [ "$there" = "$(cat "$OWN/laid")" ] || is_there ||
      die "Somebody changed the state on the branch $BRANCH although this run had claimed it. $(where_kept)"
    mkdir -p "$STATE/$FOLDER" || return 1
    remove_state "$STATE/$FOLDER"
    copy_state "$OWN/kept" "$STATE/$FOLDER"
    rm -f -- "$STATE/$FOLDER/$NAME".sandbox.db*
    copy_named "$OWN/kept" "$NAME.sandbox.db" "$STATE/$FOLDER" "$NAME.sandbox.db"
    copy_named "$OWN/kept" "$NAME.stop-" "$STATE/$FOLDER" "$NAME.stop-"
  fi
  rm -f -- "$(claim_file)"
}

# Tell whether the branch holds what this run left: an answer may have been lost on the way.
is_there() {
  local there kept
  there=$(fingerprint "$STATE/$FOLDER") && kept=$(fingerprint "$OWN/kept") && [ "$there" = "$kept" ]
}

where_kept() {
  [ ! -d "$OWN/kept" ] || printf 'What this run did is known to nobody but the artifact that is kept of it, pushctl-state: see docs/ci.md'
}

# From now on nobody needs what this run left behind.
forget_claim() { rm -rf "$OWN" "$WORK/pid" && if [ -n "$RESULTS" ]; then rm -rf "${RESULTS:?}/state"; fi; }
