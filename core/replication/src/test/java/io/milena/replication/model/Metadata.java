package io.milena.replication.model;

import io.milena.replication.Assignment;
import io.milena.replication.Brokers;
import java.util.Map;

/** One version of what the controller has written: brokers learn versions in their order, and may miss some. */
record Metadata(int version, Assignment assignment, Map<Integer, Brokers.Broker> brokers) {}
