# pushctl and its sandbox:
#   docker run --rm --user "$(id -u)" --volume "$PWD:/work" pushctl plan
#   docker run --rm --publish 127.0.0.1:4010:4010 pushctl sandbox up --host 0.0.0.0
# There is no git in it, so --base and a state on a branch of git want an image of your own.
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/pushctl \
 && /opt/pushctl/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.13-slim
COPY --from=build /opt/pushctl /opt/pushctl
ENV HOME=/tmp PATH=/opt/pushctl/bin:$PATH
WORKDIR /work
USER 10001:10001
EXPOSE 4010
ENTRYPOINT ["pushctl"]
CMD ["--help"]
