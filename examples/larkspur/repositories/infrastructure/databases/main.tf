locals {
  postgres = {
    payments  = { class = "db.r7g.xlarge", storage = 400, team = "payments" }
    orders    = { class = "db.r7g.xlarge", storage = 800, team = "fulfilment" }
    inventory = { class = "db.m7g.large", storage = 100, team = "fulfilment" }
    identity  = { class = "db.m7g.large", storage = 100, team = "identity" }
  }
}

resource "aws_db_instance" "postgres" {
  for_each = local.postgres

  identifier                  = "${each.key}-database"
  engine                      = "postgres"
  engine_version              = "16.10"
  instance_class              = each.value.class
  allocated_storage           = each.value.storage
  storage_encrypted           = true
  multi_az                    = true
  username                    = "owner"
  manage_master_user_password = true
  backup_retention_period     = 14
  deletion_protection         = true

  tags = {
    team    = each.value.team
    service = each.key
    tier    = "1"
  }
}
