# shellcheck shell=bash disable=SC2034  # what it sets is for who sources this
# Shared by the benchmarks: nginx that serves messages as static pages, and a driver manager
# configuration. Sourced at the root of the repository, after scripts/lib/setup.sh; reads $rows.

work=$(mktemp -d)
cleanup() {
  [ -f "$work/nginx.pid" ] && kill "$(cat "$work/nginx.pid")" 2>/dev/null
  rm -rf "$work"
}
trap cleanup EXIT
port=${BENCH_PORT:-28443}
base=https://localhost:$port/v1.0/pages
mkdir -p "$work/root/v1.0/pages" "$work/temp"
chmod 755 "$work"  # as root, nginx reads the pages as another user
build/release/bench/bench_pages "$work/root/v1.0/pages" "$base" "${rows:?set by the script that sources this}"
gzip -6 -k "$work"/root/v1.0/pages/*.json
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
cat >"$work/nginx.conf" <<NGINX
worker_processes 1;
pid $work/nginx.pid;
error_log $work/error.log;
events { worker_connections 64; }
http {
  access_log off;
  sendfile on;
  keepalive_requests 100000;
  client_body_temp_path $work/temp; proxy_temp_path $work/temp; fastcgi_temp_path $work/temp;
  uwsgi_temp_path $work/temp; scgi_temp_path $work/temp;
  server {
    listen 127.0.0.1:$port ssl http2;
    ssl_certificate $work/cert.pem;
    ssl_certificate_key $work/key.pem;
    root $work/root;
    default_type application/json;
    gzip_static on;
    location = /v1.0/me/messages { rewrite ^ /v1.0/pages/1.json last; }
    location = /v1.0/users { rewrite ^ /v1.0/users.json last; }
    location = /v1.0/me { return 200 '{"id":"1","userPrincipalName":"bench@contoso.example"}'; }
  }
}
NGINX
nginx -c "$work/nginx.conf" -p "$work" 2>/dev/null || die "nginx did not start: $(cat "$work/error.log")"

cat >"$work/odbcinst.ini" <<INI
[graphodbc]
Driver = $(pwd)/build/release/driver/libgraphodbc.so
INI
export ODBCSYSINI=$work ODBCINI=/dev/null
# For SQLDriverConnect.
connection="Driver=graphodbc;GraphUrl=https://localhost:$port;AccessToken=bench;CaFile=$work/cert.pem"
