#!/bin/sh
# 生成试用证书（一个 CA、一张服务器证书），仅供试用，不可用于生产。
# Makes a CA and a server certificate for trying the production profile out. Not for production: the CA's key lies
# beside the certificates, without a password.
#
#   deploy/mosquitto/make-test-certificates.sh DIRECTORY [DNS-NAME …]     localhost and 127.0.0.1 are always in it
set -eu
umask 077

[ $# -ge 1 ] || {
    printf 'usage: make-test-certificates.sh DIRECTORY [DNS-NAME ...]\n' >&2
    exit 2
}
directory=$1
shift
mkdir -p "$directory"
cd "$directory"
[ ! -e ca.key ] || {
    printf 'make-test-certificates: %s 已有证书 already holds certificates; choose another directory\n' "$directory" >&2
    exit 1
}

names='DNS:localhost,IP:127.0.0.1,IP:::1'
for name in "$@"; do
    names="$names,DNS:$name"
done

key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

key ca.key
openssl req -x509 -new -key ca.key -sha256 -days 30 -subj '/CN=Tongxing test CA' -out ca.crt
key server.key
openssl req -new -key server.key -subj '/CN=Tongxing test broker' -out server.csr
printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n' "$names" >server.ext
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -sha256 -days 30 -extfile server.ext \
    -out server.crt 2>/dev/null
# Certificates are no secret; the keys are.
chmod 644 ca.crt server.crt
rm -f server.csr server.ext ca.srl
printf '%s\n' "ca.crt ca.key server.crt server.key → $directory"
