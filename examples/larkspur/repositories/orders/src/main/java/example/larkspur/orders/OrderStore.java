package example.larkspur.orders;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class OrderStore {
    private final JdbcClient jdbc;

    OrderStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Order> find(String id) {
        return jdbc.sql("select * from orders_with_status where id = ?").param(id).query(Order.class).optional();
    }

    Status statusOf(String id) {
        return jdbc.sql("select status from orders_with_status where id = ?").param(id).query(Status.class).single();
    }

    /** Writes the transition and its event in one transaction. */
    @Transactional
    void transition(String id, Status from, Status to) {
        jdbc.sql("insert into order_transitions (order_id, status) values (?, ?)").params(id, to.name()).update();
        jdbc.sql("insert into outbox (topic, key, payload) values ('orders.changed.v1', ?, json_object('from': ?, 'to': ?))")
                .params(id, from.name(), to.name())
                .update();
    }
}
