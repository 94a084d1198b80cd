package example.larkspur.orders;

import java.math.BigDecimal;
import java.time.Instant;

public record Order(String id, String account, Status status, Instant placedAt, BigDecimal total, String currency) {
    boolean belongsTo(String other) {
        return account != null && account.equals(other);
    }
}
