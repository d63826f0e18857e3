# The coordinator in a container: `make deb`, then `docker compose up` (or podman).
# Every service of compose.yaml is this image with another word.
FROM debian:bookworm-slim
COPY build/deb/mt5fleet_*.deb /tmp/
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends /tmp/mt5fleet_*.deb spawn-fcgi && rm -rf /tmp/*.deb /etc/nginx/sites-enabled/default
COPY etc/container /usr/lib/mt5fleet/container
EXPOSE 80 443
ENTRYPOINT ["/usr/lib/mt5fleet/container"]
