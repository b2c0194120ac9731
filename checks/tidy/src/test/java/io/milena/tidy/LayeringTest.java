package io.milena.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Modules depend only on folders above their own. */
class LayeringTest {
    private final List<Repository.Module> modules = Repository.modules();
    private final Map<String, String> layerOf =
            modules.stream().collect(Collectors.toMap(module -> module.pom().artifactId(), Repository.Module::layer));

    @Test
    void everyModuleLivesInALayer() {
        assertEquals(
                List.of(),
                modules.stream()
                        .filter(module -> !Repository.LAYERS.contains(module.layer()))
                        .toList());
    }

    @Test
    void aModuleDependsOnlyOnFoldersAboveItsOwn() {
        List<String> violations = new ArrayList<>();
        for (Repository.Module module : modules) {
            for (Pom.Dependency dependency : module.pom().dependencies()) {
                if (dependency.isOurs() && !dependency.isForTests() && !mayUse(module, dependency)) {
                    violations.add(module.path() + " must not depend on " + dependency.artifactId()
                            + ": move what they share to a layer above both (see ARCHITECTURE.md)");
                }
            }
        }
        assertEquals(List.of(), violations);
    }

    /** What a user can write: Kafka's clients in production, the embedded broker in tests. */
    @Test
    void anExampleKnowsOnlyTheEmbeddedBrokerAndOnlyInItsTests() {
        List<String> violations = modules.stream()
                .filter(module -> module.layer().equals(Repository.EXAMPLES))
                .flatMap(module -> module.pom().dependencies().stream()
                        .filter(Pom.Dependency::isOurs)
                        .filter(d -> !d.artifactId().equals("milena-embedded") || !d.isForTests())
                        .map(d -> module.path() + " must not depend on " + d.artifactId()))
                .toList();
        assertEquals(List.of(), violations);
    }

    /** The checks are used by each other (a simulator stands on the testkit), the console and the embedded brokers by the command line, the console by the embedded brokers, and else the modules of one folder never. */
    private boolean mayUse(Repository.Module module, Pom.Dependency dependency) {
        String target = layerOf.getOrDefault(dependency.artifactId(), "");
        if (module.layer().equals("checks") || (module.layer().equals("formats") && target.equals("formats"))) {
            return true;
        }
        if (module.layer().equals("apps")
                && Set.of("milena-console", "milena-embedded").contains(dependency.artifactId())) {
            return true;
        }
        boolean isAbove = Repository.LAYERS.indexOf(target) < Repository.LAYERS.indexOf(module.layer());
        boolean coreMeetsEngine = module.layer().equals("engine") && target.equals("core");
        return isAbove && !coreMeetsEngine;
    }

    @Test
    void aThirdPartyLibraryLivesInOneModule() {
        Map<String, TreeSet<String>> homes = new TreeMap<>();
        for (Repository.Module module : modules) {
            if (module.layer().equals("checks")) {
                continue;
            }
            for (Pom.Dependency dependency : module.pom().dependencies()) {
                if (!dependency.isOurs() && !dependency.isForTests()) {
                    homes.computeIfAbsent(dependency.artifactId(), name -> new TreeSet<>())
                            .add(module.path());
                }
            }
        }
        homes.remove("junit-jupiter-api"); // the embedded module's extension, provided by whoever tests
        homes.values().removeIf(places -> places.size() == 1);
        assertEquals(Map.of(), homes, "give the library one module and let the others use that");
    }

    @Test
    void theBrokerHasNoKafkaJarAtRunTime() {
        List<String> violations = modules.stream()
                .filter(module -> !module.layer().equals("checks"))
                .filter(module -> module.pom().dependencies().stream()
                        .anyMatch(d -> d.groupId().equals("org.apache.kafka") && !d.isForTests()))
                .map(Repository.Module::path)
                .toList();
        assertEquals(List.of(), violations);
    }
}
