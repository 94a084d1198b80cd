create table orders (
    id        text primary key,
    account   uuid,
    placed_at timestamptz not null default now(),
    total     numeric(12, 2) not null,
    currency  char(3) not null
);

create table order_transitions (
    order_id text not null references orders (id),
    status   text not null,
    at       timestamptz not null default now(),
    primary key (order_id, at)
);

create view orders_with_status as
select o.*, t.status
from orders o
join lateral (
    select status from order_transitions where order_id = o.id order by at desc limit 1
) t on true;
