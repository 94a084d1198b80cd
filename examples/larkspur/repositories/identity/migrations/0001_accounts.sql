create table accounts (
    id            uuid primary key,
    email         text not null unique,
    name          text not null default '',
    password_hash bytea,
    created_at    timestamptz not null default now(),
    deleted_at    timestamptz
);

create index accounts_deleted on accounts (deleted_at) where deleted_at is not null;
