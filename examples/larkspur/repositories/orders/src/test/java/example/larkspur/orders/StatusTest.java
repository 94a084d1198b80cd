package example.larkspur.orders;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StatusTest {
    @Test
    void anOrderCanBeCancelledUntilItIsPacked() {
        assertTrue(Status.PLACED.mayBecome(Status.CANCELLED));
        assertTrue(Status.PAID.mayBecome(Status.CANCELLED));
        assertFalse(Status.PACKED.mayBecome(Status.CANCELLED));
    }

    @Test
    void aCancelledOrderStaysCancelled() {
        for (Status other : Status.values()) {
            assertFalse(Status.CANCELLED.mayBecome(other));
        }
    }
}
