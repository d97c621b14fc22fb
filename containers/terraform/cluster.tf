module "cluster" {
  source  = "terraform-aws-modules/eks/aws"
  version = "21.10.1"

  name               = var.name
  kubernetes_version = "1.34"

  vpc_id     = module.network.vpc_id
  subnet_ids = module.network.private_subnets

  endpoint_public_access                   = true
  endpoint_public_access_cidrs             = var.operator_cidrs
  enable_cluster_creator_admin_permissions = true

  addons = {
    coredns                = {}
    kube-proxy             = {}
    aws-ebs-csi-driver     = {}
    eks-pod-identity-agent = { before_compute = true }
    vpc-cni = {
      before_compute = true
      # Without it the policies of containers/kubernetes are words.
      configuration_values = jsonencode({ enableNetworkPolicy = "true" })
    }
  }

  eks_managed_node_groups = {
    work = {
      ami_type       = "AL2023_ARM_64_STANDARD"
      instance_types = var.node_instance_types
      min_size       = 3
      max_size       = 6
      desired_size   = 3
    }
  }
}

module "volumes_identity" {
  source  = "terraform-aws-modules/eks-pod-identity/aws"
  version = "2.0.0"

  name                      = "${var.name}-volumes"
  attach_aws_ebs_csi_policy = true

  associations = {
    driver = {
      cluster_name    = module.cluster.cluster_name
      namespace       = "kube-system"
      service_account = "ebs-csi-controller-sa"
    }
  }
}

resource "kubernetes_storage_class_v1" "encrypted" {
  metadata {
    name        = "encrypted"
    annotations = { "storageclass.kubernetes.io/is-default-class" = "true" }
  }

  storage_provisioner    = "ebs.csi.aws.com"
  reclaim_policy         = "Retain"
  volume_binding_mode    = "WaitForFirstConsumer"
  allow_volume_expansion = true
  parameters             = { type = "gp3", encrypted = "true" }
}

module "load_balancer_identity" {
  source  = "terraform-aws-modules/eks-pod-identity/aws"
  version = "2.0.0"

  name                            = "${var.name}-load-balancer"
  attach_aws_lb_controller_policy = true

  associations = {
    controller = {
      cluster_name    = module.cluster.cluster_name
      namespace       = "kube-system"
      service_account = "aws-load-balancer-controller"
    }
  }
}

# Makes a load balancer of the Ingress in containers/kubernetes.
resource "helm_release" "load_balancer_controller" {
  name       = "aws-load-balancer-controller"
  repository = "https://aws.github.io/eks-charts"
  chart      = "aws-load-balancer-controller"
  version    = "1.14.1"
  namespace  = "kube-system"

  set = [
    { name = "clusterName", value = module.cluster.cluster_name },
    { name = "region", value = var.region },
    { name = "vpcId", value = module.network.vpc_id },
    { name = "serviceAccount.name", value = "aws-load-balancer-controller" },
  ]

  depends_on = [module.load_balancer_identity]
}
