#!/bin/sh
# 首次启动时创建 tongxing 账号与数据库。
# Runs once, when the database's volume is empty: an account that owns one database and is no superuser, and PostGIS,
# which only a superuser may create.
set -eu
: "${SERVICE_PASSWORD:?}"

# The password is a variable of psql, quoted by psql; this heredoc is not expanded by the shell.
psql -v ON_ERROR_STOP=1 -v password="$SERVICE_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
CREATE ROLE tongxing LOGIN PASSWORD :'password';
-- The console's own roles, which own nothing and log in nowhere.
CREATE ROLE tongxing_web;
CREATE ROLE tongxing_gate;
GRANT tongxing_web, tongxing_gate TO tongxing;
CREATE DATABASE tongxing OWNER tongxing;
REVOKE CONNECT ON DATABASE tongxing FROM PUBLIC;
\connect tongxing
CREATE EXTENSION IF NOT EXISTS postgis;
SQL
