# The one image of all processes, by its version: a tag that is there is not given to another image.
resource "aws_ecr_repository" "mall" {
  name                 = var.name
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
  }
}

resource "aws_ecr_lifecycle_policy" "mall" {
  repository = aws_ecr_repository.mall.name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "The last 30 images are kept"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 30 }
      action       = { type = "expire" }
    }]
  })
}
