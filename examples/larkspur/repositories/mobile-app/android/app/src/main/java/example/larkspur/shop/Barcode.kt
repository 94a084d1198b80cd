package example.larkspur.shop

/** An EAN-13 as printed on our price tags. */
@JvmInline
value class Barcode private constructor(val digits: String) {
    companion object {
        fun parse(text: String): Barcode? {
            val digits = text.filterNot { it == ' ' }
            if (digits.length != 13 || digits.any { !it.isDigit() }) return null
            return if (checksum(digits.dropLast(1)) == digits.last().digitToInt()) Barcode(digits) else null
        }

        private fun checksum(digits: String): Int {
            val sum = digits.mapIndexed { i, c -> c.digitToInt() * if (i % 2 == 0) 1 else 3 }.sum()
            return (10 - sum % 10) % 10
        }
    }
}
