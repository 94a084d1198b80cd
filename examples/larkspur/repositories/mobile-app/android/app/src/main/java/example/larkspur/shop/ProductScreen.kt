package example.larkspur.shop

import androidx.compose.foundation.layout.Column
import androidx.compose.material3.Button
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable

data class ProductView(val name: String, val brand: String, val price: String, val soldOut: Boolean)

@Composable
fun ProductScreen(product: ProductView, onAdd: () -> Unit) {
    Column {
        Text(product.brand)
        Text(product.name)
        Text(product.price)
        Button(onClick = onAdd, enabled = !product.soldOut) {
            Text(if (product.soldOut) "Sold out" else "Add to basket")
        }
    }
}
