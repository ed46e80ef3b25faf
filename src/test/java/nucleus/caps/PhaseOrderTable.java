package nucleus.caps;

import static nucleus.caps.PhaseOrderTable.Place.METHOD;
import static nucleus.caps.PhaseOrderTable.Place.OUR_PACKAGE;
import static nucleus.caps.PhaseOrderTable.Place.TYPE;

import java.util.stream.Stream;

/** Twins of source: one compiles, the other must not. */
final class PhaseOrderTable {

    /** The source around a line that is tried. */
    enum Place {

        METHOD("""
                package client;

                import nucleus.caps.*;

                class Client {
                    void run(Phase phase, Phase.Initial initial, Phase.BoundingDropped bounded,
                             Phase.IdentitySwitched switched, Phase.Dropped dropped,
                             Identity id, CapabilitySet keep, CapabilitySets sets, Iab iab) throws Exception {
                        %s
                    }
                }
                """),

        TYPE("""
                package client;

                import nucleus.caps.*;

                %s
                """),

        /** On a class path anyone can write a class into any package. */
        OUR_PACKAGE("""
                package nucleus.caps;

                class Intruder {
                    void run(Phase.Initial initial, Phase.Dropped dropped) {
                        %s
                    }
                }
                """);

        private final String source;

        Place(String source) {
            this.source = source;
        }

        String around(String line) {
            return source.replace("%s", line);
        }

        long line() {
            return source.substring(0, source.indexOf("%s")).chars().filter(c -> c == '\n').count() + 1;
        }
    }

    record Twins(String rule, Place place, String legal, String illegal, String code) {
        @Override
        public String toString() {
            return rule + ": " + illegal;
        }
    }

    private PhaseOrderTable() {
    }

    static Stream<Twins> orders() {
        return Stream.of(
                order("bounding goes before the rest",
                        "initial.dropAll();",
                        "initial.finalizeDrop();"),
                order("bounding goes before the identity",
                        "initial.drop(id);",
                        "initial.switchIdentity(id);"),
                order("bounding goes once",
                        "initial.dropBoundingSet().finalizeDrop();",
                        "initial.dropBoundingSet().dropBoundingSet();"),
                order("what is kept is said once",
                        "initial.dropBoundingSetExcept(keep).finalizeDrop();",
                        "initial.dropBoundingSetExcept(keep).dropBoundingSetExcept(keep);"),
                order("the identity is switched once",
                        "bounded.switchIdentity(id).finalizeDrop();",
                        "bounded.switchIdentity(id).switchIdentity(id);"),
                order("no bounding after the identity",
                        "switched.finalizeDrop();",
                        "switched.dropBoundingSet();"),
                order("no identity after the end",
                        "bounded.finalizeDrop().identity();",
                        "bounded.finalizeDrop().switchIdentity(id);"),
                order("the end comes once",
                        "switched.finalizeDrop().sets();",
                        "switched.finalizeDrop().finalizeDrop();"),
                order("nothing whole after a part",
                        "initial.dropBoundingSet().finalizeDrop();",
                        "initial.dropBoundingSet().dropAll();"),
                order("nothing whole after a part",
                        "bounded.switchIdentity(id);",
                        "bounded.drop(id);"),
                order("nothing whole after a part",
                        "initial.dropExcept(keep, id);",
                        "bounded.dropExcept(keep, id);"),
                order("nothing whole after a part",
                        "initial.apply(sets, id);",
                        "initial.dropBoundingSet().apply(sets, id);"),
                order("nothing at all after the end",
                        "dropped.sets();",
                        "dropped.apply(sets);"),
                order("new privileges are allowed at the start",
                        "Caps.begin(Scope.THREAD, with -> with.allowNewPrivileges()).dropBoundingSet();",
                        "initial.allowNewPrivileges();"),
                order("no_new_privs is asked for at the start",
                        "Caps.begin(Scope.THREAD, with -> with.withNoNewPrivs()).apply(sets);",
                        "initial.withNoNewPrivs();"),
                order("securebits are said at the start",
                        "Caps.begin(Scope.THREAD, with -> with.withSecureBits(SecureBits.NONE)).dropAll();",
                        "initial.withSecureBits(SecureBits.NONE);"),
                order("what needs no privilege is a way of its own",
                        "initial.lockUnprivileged().sets();",
                        "initial.dropBoundingSet().lockUnprivileged();"),
                order("only the end knows what the thread became",
                        "dropped.identity();",
                        "switched.identity();"),
                order("only at the end is the process replaced",
                        "dropped.exec(java.util.List.of());",
                        "switched.exec(java.util.List.of());"),
                new Twins("the scope is said", METHOD,
                        "Caps.begin(Scope.THREAD);",
                        "Caps.begin();", "cant.apply.symbols"));
    }

    private static Twins order(String rule, String legal, String illegal) {
        return new Twins(rule, METHOD, legal, illegal, "cant.resolve.location.args");
    }

    static Stream<Twins> switches() {
        String all = "int n = switch (phase) { case Phase.Initial p -> 1; case Phase.BoundingDropped p -> 2;"
                + " case Phase.IdentitySwitched p -> 3; case Phase.Dropped p -> 4; case Phase.Applied p -> 5; };";
        Stream<Twins> missing = Stream.of(" case Phase.Initial p -> 1;", " case Phase.BoundingDropped p -> 2;",
                " case Phase.IdentitySwitched p -> 3;", " case Phase.Dropped p -> 4;", " case Phase.Applied p -> 5;")
                .map(one -> new Twins("every phase is thought of", METHOD, all, all.replace(one, ""), "not.exhaustive"));
        return Stream.concat(missing, Stream.of(
                new Twins("both ends are the end", METHOD,
                        all.replace("Dropped p -> 4; case Phase.Applied p -> 5;", "Ended p -> 4;"),
                        all.replace("Dropped p -> 4; case Phase.Applied p -> 5;", "Dropped p -> 4;"), "not.exhaustive"),
                new Twins("every phase is thought of", METHOD,
                        "switch (phase) { case Phase.Dropped p -> { } default -> { } }",
                        "switch (phase) { case Phase.Dropped p -> { } }", "not.exhaustive.statement")));
    }

    static Stream<Twins> forgeries() {
        return Stream.of(
                forgery("Phase"), forgery("Phase.Initial"), forgery("Phase.BoundingDropped"),
                forgery("Phase.IdentitySwitched"), forgery("Phase.Ended"), forgery("Phase.Dropped"),
                forgery("Phase.Applied"),
                new Twins("no phase is made in passing", METHOD,
                        "Object forged = new Object() { };",
                        "Object forged = new Phase() { };", "local.classes.cant.extend.sealed"),
                new Twins("a phase is not yet the next", METHOD,
                        "Phase.Dropped done = bounded.switchIdentity(id).finalizeDrop();",
                        "Phase.Dropped done = bounded.switchIdentity(id);", "prob.found.req"),
                new Twins("a phase cannot be taken for another", METHOD,
                        "Phase.Dropped done = (Phase.Dropped) phase;",
                        "Phase.Dropped done = (Phase.Dropped) bounded;", "prob.found.req"),
                new Twins("five sets are no drop", METHOD,
                        "Phase.Ended done = initial.apply(sets);",
                        "Phase.Dropped done = initial.apply(sets);", "prob.found.req"),
                new Twins("five sets are no drop", METHOD,
                        "Phase.Applied done = initial.apply(sets, id);",
                        "Phase.Dropped done = initial.apply(sets, id);", "prob.found.req"),
                new Twins("what is handed on is no drop", METHOD,
                        "Phase.Applied done = initial.apply(iab);",
                        "Phase.Dropped done = initial.apply(iab);", "prob.found.req"),
                new Twins("a mode is no drop", METHOD,
                        "Phase.Applied done = initial.enter(Mode.HYBRID);",
                        "Phase.Dropped done = initial.enter(Mode.HYBRID);", "prob.found.req"),
                new Twins("an end can be either", METHOD,
                        "Phase.Ended done = (Phase.Dropped) phase;",
                        "Phase.Dropped done = (Phase.Ended) phase;", "prob.found.req"),
                new Twins("a restricted task begins with a drop", METHOD,
                        "RestrictedTask.call(thread -> thread.dropAll(), () -> 0);",
                        "RestrictedTask.call(thread -> thread.apply(sets), () -> 0);", "prob.found.req"),
                new Twins("options come from begin", METHOD,
                        "Caps.begin(Scope.THREAD, with -> with);",
                        "Caps.begin(Scope.THREAD, with -> new Options());",
                        "report.access"),
                new Twins("implementations are out of sight", METHOD,
                        "Object forged = Phase.Initial.class;",
                        "Object forged = nucleus.caps.Phases.InitialPhase.class;", "not.def.public.cant.access"),
                new Twins("chains start at Caps", METHOD,
                        "Caps.begin(null);",
                        "nucleus.caps.Phases.begin(null, null, null, null, null);", "not.def.public.cant.access"),
                new Twins("handles come from Caps", METHOD,
                        "ThreadCaps handle = Caps.thisThread();",
                        "ThreadCaps handle = new ThreadCaps(null, null);", "not.def.public.cant.access"),
                new Twins("no phase is made by an intruder", OUR_PACKAGE,
                        "initial.dropAll();",
                        "new Phases.DroppedPhase(null, null);", "report.access"),
                new Twins("no phase is made by an intruder", OUR_PACKAGE,
                        "initial.dropAll();",
                        "new Phases.AppliedPhase(null, null);", "report.access"),
                new Twins("no phase is made by an intruder", OUR_PACKAGE,
                        "initial.dropAll();",
                        "new Phases.InitialPhase(null, null, null);", "report.access"));
    }

    private static Twins forgery(String phase) {
        return new Twins("only this library implements a phase", TYPE,
                "interface Forged extends Comparable<" + phase + "> { }",
                "non-sealed interface Forged extends " + phase + " { }", "cant.inherit.from.sealed");
    }
}
