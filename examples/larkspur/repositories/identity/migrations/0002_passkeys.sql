create table passkeys (
    credential_id bytea primary key,
    account_id    uuid not null references accounts (id) on delete cascade,
    public_key    bytea not null,
    sign_count    bigint not null default 0,
    label         text not null,
    created_at    timestamptz not null default now()
);

create index passkeys_account on passkeys (account_id);
