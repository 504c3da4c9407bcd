# Jenkins with the plugins that deploy/jenkins/casc.yaml names, and an image builder for its built-in agent: see
# deploy/jenkins/README.md.
FROM jenkins/jenkins:lts-jdk21
RUN jenkins-plugin-cli --plugins configuration-as-code job-dsl workflow-aggregator git
USER root
# uidmap and the ids: buildah runs as the user `jenkins`, in a user namespace of its own.
RUN apt-get update && apt-get install -y --no-install-recommends buildah jq uidmap && rm -rf /var/lib/apt/lists/* \
  && usermod --add-subuids 100000-165535 --add-subgids 100000-165535 jenkins
# The registry of docker-compose.yml has no certificate.
COPY registry.conf /etc/containers/registries.conf.d/refract.conf
# What works inside a container: no nested runtime, no overlay on an overlay.
ENV BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
USER jenkins
