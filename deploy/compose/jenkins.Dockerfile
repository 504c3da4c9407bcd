# Jenkins with the plugins that deploy/jenkins/casc.yaml names. Its agents need an image builder besides: see
# deploy/jenkins/README.md.
FROM jenkins/jenkins:lts-jdk21
RUN jenkins-plugin-cli --plugins configuration-as-code job-dsl workflow-aggregator git
USER root
RUN apt-get update && apt-get install -y --no-install-recommends buildah jq && rm -rf /var/lib/apt/lists/*
USER jenkins
