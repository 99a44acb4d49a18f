#!/bin/bash
# Starts a throwaway PostgreSQL for the tests and prints its address, installing
# the server from Debian's packages where it is missing:
#   postgres.sh start DIR    postgres.sh stop DIR
# The cluster lives in DIR, listens on a free port of 127.0.0.1 and belongs to a
# user other than root, since PostgreSQL refuses to run as root.
set -euo pipefail

bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$dir" "$@"; else "$@"; fi; }

dir=$2
case $1 in
start)
  if [ -z "$(bin)" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql; } >&2
  fi
  pg=$(bin)
  [ -n "$pg" ] || { echo "PostgreSQL's server programs are not installed" >&2; exit 1; }
  mkdir -p "$dir"
  if [ "$(id -u)" = 0 ]; then chown nobody:nogroup "$dir"; fi
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null || echo $((20000 + RANDOM % 20000)))
  as "$pg/initdb" -D "$dir/data" -U whetstone --auth=trust -E UTF8 --locale=C.UTF-8 >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
  as "$pg/pg_ctl" -D "$dir/data" -w -l "$dir/server.log" -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300" start >&2 ||
    { cat "$dir/server.log" >&2; exit 1; }
  echo "postgres://whetstone@127.0.0.1:$port/postgres?sslmode=disable"
  ;;
stop)
  as "$(bin)/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$dir"
  ;;
esac
