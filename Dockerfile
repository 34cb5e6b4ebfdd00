# Build stage: a JDK and Maven; everything else Maven fetches.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /millrace
COPY pom.xml ./
COPY .mvn .mvn
RUN mvn -B -ntp dependency:go-offline
COPY src src
RUN mvn -B -ntp -DskipTests -Dmaven.test.skip=true package

# Run stage: a Java runtime, the jar, its libraries, and what analysts edit.
FROM eclipse-temurin:17-jre
RUN groupadd --gid 10001 millrace \
 && useradd --uid 10001 --gid millrace --home-dir /opt/millrace --shell /usr/sbin/nologin millrace \
 && mkdir -p /opt/millrace /var/lib/millrace \
 && chown millrace:millrace /var/lib/millrace
WORKDIR /opt/millrace
COPY --from=build /millrace/target/millrace.jar ./
COPY --from=build /millrace/target/lib lib
COPY millrace ./
COPY routes routes
COPY mappings mappings
ENV MILLRACE_DATA=/var/lib/millrace
VOLUME /var/lib/millrace
USER millrace
# The listeners stay on loopback until MILLRACE_BIND and MILLRACE_ALLOW_OPEN say otherwise; see docs/settings.md.
EXPOSE 2575 8080 8081
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/${MILLRACE_BIND:-127.0.0.1}/${MILLRACE_MANAGEMENT_PORT:-8081} && printf 'GET /ready HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["./millrace"]
CMD ["serve"]
