package privileged.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import privileged.harness.CapMasks;
import privileged.harness.Modules;
import privileged.harness.OutsideStatus;
import privileged.harness.TestIds;

/** The programs of src/it, started as their users do. */
enum Consumer {

    /** A module. */
    MODULAR("nucleus.caps", "uid 65534, gid 65534, groups []: bounding=none permitted=none effective=none"
            + " inheritable=none ambient=none",
            "steps: prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: needs CAP_SETPCAP in"
                    + " the effective set, which holds none; lockUnprivileged() does not need it and clears every set except"
                    + " bounding") {
        @Override
        List<String> command(String... options) {
            return java(JDK, options, "-p", at("modular/target/classes") + ":" + at("modular/target/lib"),
                    "-m", "example.modular/example.modular.Steps");
        }

        @Override
        OutsideStatus after(OutsideStatus before) {
            return nobody(before).holdingOnly(0);
        }
    },

    /** A jar that can be executed. */
    CLASS_PATH("ALL-UNNAMED", "listening on port " + LowPort.FREE, "server: capset: EPERM: a kept capability must be in the"
            + " permitted set, which lacks cap_net_bind_service") {
        @Override
        List<String> command(String... options) {
            return java(JDK, options, "-cp", at("classpath/target/classpath.jar"), "example.classpath.Server",
                    Integer.toString(LowPort.FREE));
        }

        @Override
        OutsideStatus after(OutsideStatus before) {
            return nobody(before).holdingOnly(CapMasks.NET_BIND_SERVICE);
        }

        @Override
        OutsideStatus handedOn(OutsideStatus after) {
            return after.withPermitted(0).withEffective(0);
        }
    },

    /** An image with the option inside that grants native access, and one without. */
    IMAGE("nucleus.caps", "", "launch: capset: EPERM: nothing can be added to permitted, which lacks"
            + " cap_net_bind_service") {
        @Override
        List<String> command(String... options) {
            return started("bare", options);
        }

        @Override
        List<String> granted() {
            return started("granted");
        }

        @Override
        OutsideStatus after(OutsideStatus before) {
            long port = CapMasks.NET_BIND_SERVICE;
            return nobody(before).withSets(port, port, port, port, port);
        }

        private List<String> started(String image, String... options) {
            return java(at("image/target/" + image), options, "-m", "example.image/example.image.Launch", "cat");
        }
    };

    private static final String JDK = System.getProperty("java.home");

    /** What native access is granted to. */
    final String module;
    /** What it prints once it has dropped. */
    final String said;
    /** What it prints where it cannot drop. */
    final String refused;

    Consumer(String module, String said, String refused) {
        this.module = module;
        this.said = said;
        this.refused = refused;
    }

    /** Without native access, unless the options grant it. */
    abstract List<String> command(String... options);

    List<String> granted() {
        return command("--enable-native-access=" + module);
    }

    /** What each of its threads is and holds once it has dropped. */
    abstract OutsideStatus after(OutsideStatus before);

    /** What the program that it starts then has of that. */
    OutsideStatus handedOn(OutsideStatus after) {
        return after;
    }

    /** Where it was built, as everybody can read it. */
    static String at(String path) {
        return Modules.consumers().resolve(path).toString();
    }

    private static OutsideStatus nobody(OutsideStatus before) {
        return before.as(TestIds.NOBODY, TestIds.NOBODY).withNoNewPrivs();
    }

    private static List<String> java(String home, String[] options, String... rest) {
        List<String> command = new ArrayList<>(List.of(Path.of(home, "bin", "java").toString()));
        command.addAll(Arrays.asList(options));
        command.addAll(Arrays.asList(rest));
        return command;
    }
}
