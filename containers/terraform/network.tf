data "aws_availability_zones" "available" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  zones = slice(data.aws_availability_zones.available.names, 0, 3)
}

# Load balancers in the public subnets, all work in the private ones, Postgres where no way leads to the internet.
module "network" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "6.5.1"

  name = var.name
  cidr = "10.0.0.0/16"
  azs  = local.zones

  public_subnets   = ["10.0.0.0/22", "10.0.4.0/22", "10.0.8.0/22"]
  database_subnets = ["10.0.64.0/22", "10.0.68.0/22", "10.0.72.0/22"]
  private_subnets  = ["10.0.128.0/20", "10.0.144.0/20", "10.0.160.0/20"]

  enable_nat_gateway     = true
  one_nat_gateway_per_az = true

  public_subnet_tags  = { "kubernetes.io/role/elb" = 1 }
  private_subnet_tags = { "kubernetes.io/role/internal-elb" = 1 }
}
