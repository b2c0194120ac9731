package io.milena.broker.controller;

import io.milena.log.LogDirectories;
import io.milena.log.LogDirectory;
import io.milena.protocol.message.BrokerRegistrationRequest;
import java.util.List;
import java.util.UUID;

/**
 * What this broker tells the active controller of itself.
 *
 * @param request with which it registers
 * @param directories that may fail
 * @param note of what came of it
 */
public record OwnRegistration(BrokerRegistrationRequest request, LogDirectories directories, EpochNote note) {
    /** The directories that worked at the start and do not any more. */
    List<UUID> offlineDirectories() {
        return directories.forLogs().stream()
                .filter(LogDirectory::isOffline)
                .map(LogDirectory::id)
                .toList();
    }
}
