# Exists only in the state: replace it by the resources that the module is for.
resource "terraform_data" "this" {
  input = {
    name   = var.name
    labels = var.labels
  }
}
