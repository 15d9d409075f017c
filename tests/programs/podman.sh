#!/bin/bash
# Stands for podman: checks its arguments, and runs the program on this machine, in the environment of the container.
echo "$*" >> "$DOUBLE/calls"
case $1 in
image) [ -e "$DOUBLE/there" ]; exit ;;
pull)
  [ -e "$DOUBLE/pulls" ] || { echo 'Error: no such host' >&2; exit 125; }
  touch "$DOUBLE/there"
  exit ;;
kill | rm) exit ;;
run) shift ;;
*) echo "unexpected: $*" >&2; exit 125 ;;
esac
variables=(PATH=/usr/bin:/bin container=podman)
while [[ $1 == --* ]]; do
  case $1 in
  --env=*) variables+=("${1#--env=}") ;;
  --pidfile=*) pidfile=${1#*=} ;;
  --workdir=*) cd "${1#*=}" || exit 125 ;;
  --umask=*) umask "${1#*=}" ;;
  --volume=*) folders+=" ${1#*=}" ;;
  esac
  shift
done
[[ $1 == quay.io/lab/tools@sha256:* ]] || { echo "Error: no image $1" >&2; exit 125; }
shift
[ -e "$DOUBLE/broken" ] && { echo 'Error: no space for a container' >&2; exit 125; }
[ -n "$pidfile" ] && echo $$ > "$pidfile"
command -v "$1" > /dev/null || { echo 'ERROR (catatonit:2): failed to exec pid1: No such file or directory' >&2; exit 1; }
exec env -i "${variables[@]}" "$@"
