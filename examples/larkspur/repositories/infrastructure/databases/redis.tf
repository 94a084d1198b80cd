resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "session-cache"
  description                = "Sessions of the web shop"
  engine                     = "valkey"
  engine_version             = "8.1"
  node_type                  = "cache.m7g.large"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true

  tags = {
    team    = "identity"
    service = "session-cache"
    tier    = "1"
  }
}
