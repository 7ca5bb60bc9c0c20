# The page of a saved model: `docker build -t shopper-widgets .`; docs/guides/publish.md says how to run it.
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/shopper \
 && /opt/shopper/bin/python -m pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.13-slim
COPY --from=build /opt/shopper /opt/shopper
# All files are written to /tmp, so that everything else can be read-only; the process does not run as root.
ENV PATH=/opt/shopper/bin:$PATH HOME=/tmp PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /tmp
EXPOSE 8866
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://localhost:8866/healthy', timeout=4)"]
ENTRYPOINT ["shopper-widgets", "dashboard"]
CMD ["/model", "--ip", "0.0.0.0", "--no-browser"]
