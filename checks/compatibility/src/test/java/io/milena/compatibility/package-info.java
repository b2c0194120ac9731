/**
 * Clients nobody here wrote, against a running broker. One test per concept that users know from Kafka.
 *
 * <p>Each test runs against an embedded Milena, or, with {@code -Dmilena.oracle=host:port}, against whatever listens there: run them against Apache Kafka to see
 * that what they expect is true. Topics and groups have fresh names, so that one broker serves them all.
 */
package io.milena.compatibility;
