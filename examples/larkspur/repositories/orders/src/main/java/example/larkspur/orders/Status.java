package example.larkspur.orders;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

public enum Status {
    PLACED, PAID, PACKED, SHIPPED, DELIVERED, RETURNED, CANCELLED;

    private static final Map<Status, Set<Status>> NEXT = Map.of(
            PLACED, EnumSet.of(PAID, CANCELLED),
            PAID, EnumSet.of(PACKED, CANCELLED),
            PACKED, EnumSet.of(SHIPPED),
            SHIPPED, EnumSet.of(DELIVERED),
            DELIVERED, EnumSet.of(RETURNED));

    public boolean mayBecome(Status other) {
        return NEXT.getOrDefault(this, Set.of()).contains(other);
    }
}
