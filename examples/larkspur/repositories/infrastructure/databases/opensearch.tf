resource "aws_opensearch_domain" "search" {
  domain_name    = "search-cluster"
  engine_version = "OpenSearch_2.19"

  cluster_config {
    instance_type          = "r7g.large.search"
    instance_count         = 3
    zone_awareness_enabled = true

    zone_awareness_config {
      availability_zone_count = 3
    }
  }

  ebs_options {
    ebs_enabled = true
    volume_size = 100
  }

  tags = {
    team    = "platform"
    service = "search-cluster"
    tier    = "2"
  }
}
