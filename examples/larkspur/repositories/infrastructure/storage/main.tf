resource "aws_s3_bucket" "invoices" {
  bucket              = "larkspur-invoice-archive"
  object_lock_enabled = true

  tags = {
    team    = "payments"
    service = "invoice-archive"
    tier    = "2"
  }
}

resource "aws_s3_bucket_object_lock_configuration" "invoices" {
  bucket = aws_s3_bucket.invoices.id

  rule {
    default_retention {
      mode  = "COMPLIANCE"
      years = 10
    }
  }
}
