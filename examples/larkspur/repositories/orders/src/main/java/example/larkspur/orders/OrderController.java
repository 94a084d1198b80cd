package example.larkspur.orders;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.*;

@RestController
@RequestMapping("/v1/orders")
class OrderController {
    private final OrderStore store;

    OrderController(OrderStore store) {
        this.store = store;
    }

    @GetMapping("/{id}")
    ResponseEntity<Order> get(@PathVariable String id, @RequestAttribute String account) {
        return store.find(id)
                .filter(order -> order.belongsTo(account))
                .map(ResponseEntity::ok)
                .orElse(ResponseEntity.notFound().build());
    }

    @DeleteMapping("/{id}")
    ResponseEntity<Void> cancel(@PathVariable String id) {
        Status now = store.statusOf(id);
        if (!now.mayBecome(Status.CANCELLED)) {
            return ResponseEntity.status(HttpStatus.CONFLICT).build();
        }
        store.transition(id, now, Status.CANCELLED);
        return ResponseEntity.noContent().build();
    }
}
