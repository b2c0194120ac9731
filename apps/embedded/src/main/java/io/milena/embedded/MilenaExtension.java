package io.milena.embedded;

import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives a test class a broker: {@code @ExtendWith(MilenaExtension.class)} and a parameter of type {@link Milena} in a constructor, a lifecycle or a test
 * method. All of a class share one broker, started when the first asks and closed after the last test of the class. {@link EmbeddedMilena} says more of it, and then it is started before the first test.
 */
public final class MilenaExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(MilenaExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        declaration(context).ifPresent(declared -> started(context, declared));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Milena.class
                || (type == MilenaCluster.class && declaration(context).isPresent());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Optional<EmbeddedMilena> declared = declaration(context);
        if (declared.isEmpty()) {
            return store(context).computeIfAbsent(Milena.class, type -> Milena.start(), Milena.class);
        }
        Object broker = started(context, declared.get()).broker();
        Class<?> type = parameter.getParameter().getType();
        if (!type.isInstance(broker)) {
            throw new ParameterResolutionException(
                    "with " + declared.get().brokers() + " brokers declared, take a parameter of type "
                            + broker.getClass().getSimpleName());
        }
        return broker;
    }

    /** That of the class, or of one around it. */
    private static Optional<EmbeddedMilena> declaration(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(
                context.getRequiredTestClass(), EmbeddedMilena.class, context.getEnclosingTestClasses());
    }

    /** Classes within the one that declares it share it. */
    private static DeclaredBroker started(ExtensionContext context, EmbeddedMilena declared) {
        return store(context).computeIfAbsent(declared, DeclaredBroker::start, DeclaredBroker.class);
    }

    /** Of the class: it closes what is AutoCloseable when the last test of the class is done. */
    private static Store store(ExtensionContext context) {
        ExtensionContext ofClass = context;
        while (ofClass.getTestMethod().isPresent()) {
            ofClass = ofClass.getParent().orElseThrow();
        }
        return ofClass.getStore(NAMESPACE);
    }
}
