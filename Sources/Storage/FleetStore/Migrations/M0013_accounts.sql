-- Who may log in: accounts of people and programs, their sessions and tokens. Secrets are kept as hashes only.

-- role: NULL until a security administrator gives a duty. district, company, site: the part of the fleet it is for.
CREATE TABLE account (
    account_id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
    display_name    text NOT NULL DEFAULT '',
    role            text CHECK (role IN ('administrator', 'security_administrator', 'auditor', 'operator',
                        'enforcement_officer', 'safety_officer', 'company', 'site', 'insurer')),
    district        text,
    company         text,
    site            text,
    -- The `sub` of an identity provider's tokens that stands for this account.
    oidc_subject    text UNIQUE,
    -- scrypt; NULL: no log-in by password. One for the first log-in only stands until password_expires_at.
    password        text,
    must_change     boolean NOT NULL DEFAULT true,
    password_expires_at timestamptz,
    failures        integer NOT NULL DEFAULT 0,
    last_failure_at timestamptz,
    is_disabled     boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by      text NOT NULL,
    CHECK ((role = 'company') = (company IS NOT NULL)),
    CHECK ((role = 'site') = (site IS NOT NULL)),
    CHECK (district IS NULL OR role IN ('operator', 'enforcement_officer', 'safety_officer'))
);

-- The SHA-256 of the cookie stands for the session, so that reading this table lets nobody in.
CREATE TABLE account_session (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    account_id integer NOT NULL REFERENCES account,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON account_session (account_id);

-- Bearer tokens of programs, hashed alike.
CREATE TABLE access_token (
    token_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id integer NOT NULL REFERENCES account,
    label      text NOT NULL,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    created_by text NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX ON access_token (account_id);
