# Milena in a container: docker build -t milena . && docker run -p 127.0.0.1:9092:9092 -p 127.0.0.1:8080:8080 -v milena:/var/lib/milena milena
# One Java for both stages: the cache that makes a start fast fits only the Java that recorded it.
ARG JAVA=eclipse-temurin:25-jdk

FROM ${JAVA} AS build
WORKDIR /src
COPY . .
RUN ./mvnw -B -ntp -q -pl apps/cli -am package -Dmaven.test.skip=true

FROM ${JAVA}
# Read by the cache too: the distribution stands where it was assembled.
COPY --from=build /src/apps/cli/target/dist /src/apps/cli/target/dist
COPY packaging/docker/healthy /usr/local/bin/milena-healthy
RUN ln -s /src/apps/cli/target/dist/bin/* /usr/local/bin/ \
    && mkdir -p /var/lib/milena \
    && chown 10001:10001 /var/lib/milena
USER 10001:10001
ENV HOME=/var/lib/milena
VOLUME /var/lib/milena
EXPOSE 9092 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["milena-healthy"]
ENTRYPOINT ["milena"]
# Clients and browsers on the machine that runs the container know it as localhost; another name goes into advertised.listeners and milena.console.hosts.
# There are no passwords: publish the ports where only those reach them who may do everything.
CMD ["start", "--host", "0.0.0.0", "--data", "/var/lib/milena/data", "--set", "advertised.listeners=PLAINTEXT://localhost:9092", "--set", "milena.console.listener=http://0.0.0.0:8080", "--set", "milena.console.hosts=localhost"]
