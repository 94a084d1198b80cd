package example.larkspur.shop

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class BarcodeTest {
    @Test
    fun spacesAreIgnored() {
        assertEquals("4006381333931", Barcode.parse("4006381 333931")?.digits)
    }

    @Test
    fun aWrongCheckDigitIsRefused() {
        assertNull(Barcode.parse("4006381333932"))
    }
}
