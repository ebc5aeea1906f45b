# Runs a PostgreSQL server for as long as somebody holds our standard input open, which the kernel
# ends with the process that started us, however that ends.
# Arguments: the folder of PostgreSQL's programs, an empty folder that is ours, further settings.
bin=$1
folder=$2
settings=$3
cd "$folder" || exit 1

serve() {
    "$bin/initdb" --pgdata=data --username=ai3dgen --auth=trust --encoding=UTF8 --locale=C \
        --no-sync --no-instructions &&
        "$bin/pg_ctl" start --pgdata=data --wait --timeout=60 --log=log --options="-h '' -k '$folder' \
            -c max_connections=200 -c shared_buffers=64MB $settings" </dev/null
}

if serve >log.start 2>&1; then
    echo ready
    cat >/dev/null
    "$bin/pg_ctl" stop --pgdata=data --mode=immediate --silent >/dev/null 2>&1
else
    cat log.start log 2>/dev/null | tail -n 5 | tr '\n' ' '
    echo
fi
cd /
rm -rf "$folder"
