# Runs a PostgreSQL server for as long as somebody holds our standard input open, which the kernel
# ends with the process that started us, however that ends. Lines on it stop and start the server.
# Arguments: the folder of PostgreSQL's programs, an empty folder that is ours, further settings, and
# whether it needs a certificate.
bin=$1
folder=$2
settings=$3
certificate=$4
cd "$folder" || exit 1

create() {
    "$bin/initdb" --pgdata=data --username=ai3dgen --auth=trust --encoding=UTF8 --locale=C \
        --no-sync --no-instructions && { [ -z "$certificate" ] || certify; }
}

# For itself only, as a server of one's own has it.
certify() {
    printf '%s\n' '[req]' 'prompt = no' 'distinguished_name = name' 'x509_extensions = more' \
        '[name]' 'CN = localhost' '[more]' 'basicConstraints = CA:FALSE' \
        'subjectAltName = DNS:localhost, IP:127.0.0.1' >certificate.conf &&
        openssl req -x509 -config certificate.conf -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
            -nodes -days 2 -keyout server.key -out server.crt
}

start() {
    "$bin/pg_ctl" start --pgdata=data --wait --timeout=60 --log=log --options="-h '' -k '$folder' \
        -c max_connections=200 -c shared_buffers=64MB $settings" </dev/null
}

# As a power cut would.
stop() {
    "$bin/pg_ctl" stop --pgdata=data --mode=immediate --silent
}

told() {
    if "$@" >log.said 2>&1; then
        echo ready
    else
        cat log.said log 2>/dev/null | tail -n 5 | tr '\n' ' '
        echo
        return 1
    fi
}

create_and_start() {
    create && start
}

if told create_and_start; then
    while read -r order; do
        told "$order"
    done
    stop >/dev/null 2>&1
fi
cd /
rm -rf "$folder"
