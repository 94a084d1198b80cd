-- Replaces one day. :day is a date in Europe/Amsterdam.
delete from marts.daily_sales where day = :day;

insert into marts.daily_sales (day, sku, warehouse, sold, returned, revenue_cents)
select
    :day,
    l.sku,
    l.warehouse,
    sum(l.quantity),
    sum(l.returned_quantity),
    sum(l.net_cents)
from sales s
join sales_lines l on l.order_id = s.id
where (s.placed_at at time zone 'Europe/Amsterdam')::date = :day
group by l.sku, l.warehouse;
