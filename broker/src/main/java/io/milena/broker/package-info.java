/**
 * The broker: the one place where decisions ({@code core}) meet effects ({@code engine}).
 *
 * <p>{@link io.milena.broker.Broker} wires everything and owns its life. A request takes this way: {@code engine/network} hands a frame to a
 * {@code RequestDispatcher} ({@code broker.api}), which decodes it and gives it to the one handler class of its API. A handler sees a decoded request
 * and returns an {@code Answer}; it knows nothing of sockets. Handlers stand in the package of the thing they are about:
 *
 * <ul>
 *   <li>{@code broker.partitions}: what reads and writes records (produce, fetch, offsets)
 *   <li>{@code broker.topics}, {@code broker.configs}: what changes the cluster's metadata, through the controller
 *   <li>{@code broker.cluster}: what describes the cluster, and the host of its metadata
 *   <li>{@code broker.replicas}, {@code broker.peers}: how replicas fetch from their leaders, and the connections to other brokers
 *   <li>{@code broker.controller}: what only the active controller of a cluster decides, and the way to it
 *   <li>{@code broker.groups}: the host of the group coordinator's shards, and the group APIs
 *   <li>{@code broker.metrics}: what is measured, for monitoring
 *   <li>{@code broker.telemetry}: client metrics
 * </ul>
 *
 * <p>How a broker belongs to a cluster is its {@code Membership}: one that is alone has none of the threads and connections of the others.
 *
 * <p>Threads: handlers run on the reader thread of their connection, in request order; an answer that must wait does so on the connection's writer
 * thread. Periodic work (offset expiry, retention) has one thread each.
 */
@NullMarked
package io.milena.broker;

import org.jspecify.annotations.NullMarked;
