package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each quirk of libcap's text by itself; that they are libcap's is for {@link StateAgainstLibcapTest}. */
class CapabilityStateTest {

    private static final int LONG = 1_000_000;

    private static CapabilityState of(String effective, String permitted, String inheritable) {
        return new CapabilityState(CapabilitySet.parse(effective), CapabilitySet.parse(permitted),
                CapabilitySet.parse(inheritable));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                               | none       | none           | none",
        "' \t\n\u000b\f\r '               | none       | none           | none",
        "=                                | none       | none           | none",
        "=ep                              | all        | all            | none",
        "cap_net_bind_service=ep          | 10         | 10             | none",
        "CAP_Chown=p                      | none       | chown          | none",
        "cap_chown,cap_kill+eip           | chown,kill | chown,kill     | chown,kill",
        "all=+e                           | all        | none           | none",
        "=ep cap_chown-e                  | all-chown  | all            | none",
        "=eip cap_chown=p                 | all-chown  | all            | all-chown",
        "cap_chown=eip cap_chown=-e       | none       | none           | none",
        "cap_chown+e-e+p                  | none       | chown          | none",
        "cap_chown=i+p                    | none       | chown          | chown",
        "0x0a,0XA,10+p                    | none       | 10             | none",
        "63=p                             | none       | 63             | none",
        "63=p =                           | none       | 63             | none",
        "all,63=p                         | none       | all,63         | none",
        "63,all=p                         | none       | all            | none",
        "cap_chown=p\tcap_kill=p          | none       | chown,kill     | none",
        "= cap_chown+pppp                 | none       | chown          | none",
    })
    void readsWhatLibcapReads(String text, String effective, String permitted, String inheritable) {
        assertThat(CapabilityState.parse(text)).isEqualTo(of(effective, permitted, inheritable));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "none | none | none | =",
        "all | all | none | =ep",
        "all | all | all | =eip",
        "10 | 10 | none | cap_net_bind_service=ep",
        "all-24 | all-24 | none | =ep cap_sys_resource-ep",
        "chown | chown,kill | none | cap_chown=ep cap_kill+p",
        "chown,5 | all | 5 | =p cap_kill+ei cap_chown+e",
        "none | none | 63 | = 63+i",
        "all,63 | all,50 | none | =ep 50+p 63+e",
        "none | 7 8 | 41 | cap_setuid,cap_setpcap=p 41+i",
        "all,63 | all,63 | all | =eip 63+ep",
        "none | all-0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19 | none | =p cap_chown,cap_dac_override,"
                + "cap_dac_read_search,cap_fowner,cap_fsetid,cap_kill,cap_setgid,cap_setuid,cap_setpcap,"
                + "cap_linux_immutable,cap_net_bind_service,cap_net_broadcast,cap_net_admin,cap_net_raw,cap_ipc_lock,"
                + "cap_ipc_owner,cap_sys_module,cap_sys_rawio,cap_sys_chroot,cap_sys_ptrace-p",
    })
    void writesTheCommonestCombinationFirstAndNumbersLast(String effective, String permitted, String inheritable,
                                                          String text) {
        assertThat(of(effective, permitted, inheritable)).hasToString(text);
    }

    /** Of a kernel that knows an even number of capabilities, half of which have a flag. */
    @Test
    void onATieFewerFlagsComeFirst() {
        CapabilityState half = of("none", "0", "none");

        assertThat(half.toText(CapabilitySet.ofMask("3"))).isEqualTo("cap_chown=p");
        assertThat(half.toText(CapabilitySet.ofMask("1"))).isEqualTo("=p");
        assertThat(of("0", "1", "none").toText(CapabilitySet.ofMask("3")))
                .isEqualTo("=e cap_dac_override+p-e");
    }

    @Test
    void allDependsOnTheLastCapabilityOfTheKernel() {
        CapabilitySet older = CapabilitySet.parse("all-cap_checkpoint_restore");

        assertThat(CapabilityState.parse("all=p", older).permitted()).isEqualTo(older);
        assertThat(CapabilityState.parse("cap_checkpoint_restore=p =", older).permitted())
                .isEqualTo(CapabilitySet.of(Capability.CAP_CHECKPOINT_RESTORE));
        assertThat(of("none", "all", "none").toText(older)).isEqualTo("=p cap_checkpoint_restore+p");
        assertThat(of("none", "all,41", "none").toText(CapabilitySet.parse("all,41"))).isEqualTo("=p");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "cap_chown          | at 9 of \"cap_chown\": expected =, + or -, not the end",
        "cap_chown=x        | at 10 of \"cap_chown=x\": expected e, i or p, not \"x\"",
        "cap_chown=E        | at 10 of \"cap_chown=E\": expected e, i or p, not \"E\"",
        "cap_chown=p=e      | at 11 of \"cap_chown=p=e\": expected e, i or p, not \"=\"",
        "cap_chown+         | at 10 of \"cap_chown+\": expected e, i or p, not the end",
        "cap_chown=p-       | at 12 of \"cap_chown=p-\": expected e, i or p, not the end",
        "=+e                | at 1 of \"=+e\": + and - need a list of capabilities before them",
        "=p+e               | at 2 of \"=p+e\": + and - need a list of capabilities before them",
        "+p                 | at 0 of \"+p\": + and - need a list of capabilities before them",
        "= -e               | at 2 of \"= -e\": + and - need a list of capabilities before them",
        "=p !cap_chown      | at 3 of \"=p !cap_chown\": expected =, + or -, not \"!\"",
        "cap_chown,=p       | at 10 of \"cap_chown,=p\": expected a capability after the comma, not \"=\"",
        "cap_chown, cap_kill=p | at 10 of \"cap_chown, cap_kill=p\": expected a capability after the comma, not \" \"",
        "=p cap_chwon-p     | at 3 of \"=p cap_chwon-p\": no capability is named \"cap_chwon\"; the nearest is cap_chown",
        "chown=p            | at 0 of \"chown=p\": a capability name must begin with cap_, not \"chown\"",
        "cap_kill,64=p      | at 9 of \"cap_kill,64=p\": a capability's number is within 0 to 63, not \"64\"",
        "cap_kill,012=p     | at 9 of \"cap_kill,012=p\": a capability's number has no leading zero, because some programs"
                + " read \"012\" as octal; write 12, or 10 if it is octal",
        "cap_41=p           | at 0 of \"cap_41=p\": a capability without a name is written as its number, without cap_",
        "0x=p               | at 1 of \"0x=p\": expected =, + or -, not \"x\"",
        "0b1=p              | at 1 of \"0b1=p\": expected =, + or -, not \"b\"",
        "4294967296=p       | at 0 of \"4294967296=p\": a capability's number is within 0 to 63, not \"4294967296\"",
    })
    void whatIsRefusedIsAnsweredWithWhereAndWhy(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilityState.parse(text)).withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "=\0", "cap_chown\0=p", "=p\0", "cap_chown=p\u00a0", "cap_chown=p\u2003cap_kill=p",
        "cap_\u212aill=p", "\u0661=p", "\uff11=p", "\ud800", "cap_chown\uff1dp", "none", "all", "cap_chown=ep;"})
    void whatOnlyLooksLikeItIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> CapabilityState.parse(text))
                .withMessageStartingWith("at ");
    }

    @Test
    void textOfAnyLengthIsAnsweredQuickly() {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            assertThat(CapabilityState.parse("cap_chown=p ".repeat(LONG))).isEqualTo(of("none", "0", "none"));
            assertThat(CapabilityState.parse("cap_chown,".repeat(LONG) + "0=" + "p".repeat(LONG)))
                    .isEqualTo(of("none", "0", "none"));
            for (String letter : new String[] {"x", "0", "9", "e", "=", " =p", "cap_chown+", "all"}) {
                assertThatIllegalArgumentException().isThrownBy(() -> CapabilityState.parse(
                        letter.repeat(LONG) + "!"));
            }
        });
    }

    @Test
    @DefaultLocale("tr-TR")
    void textDoesNotDependOnTheLocale() {
        assertThat(CapabilityState.parse("CAP_KILL,CAP_SETUID=eip")).hasToString("cap_kill,cap_setuid=eip");
    }

    @Test
    void aThreadsStateIsThreeOfItsFiveSets() {
        CapabilitySets sets = new CapabilitySets(CapabilitySet.ofNumber(1), CapabilitySet.ofNumber(2),
                CapabilitySet.ofNumber(3), CapabilitySet.ofNumber(4), CapabilitySet.ofNumber(5));

        assertThat(sets.state()).isEqualTo(of("3", "2", "4"));
        assertThat(CapabilitySets.NONE.state()).isEqualTo(CapabilityState.NONE).hasToString("=");
    }

    @Test
    void refusesAMissingSet() {
        CapabilitySet none = CapabilitySet.NONE;

        assertThatNullPointerException().isThrownBy(() -> new CapabilityState(null, none, none))
                .withMessage("effective");
        assertThatNullPointerException().isThrownBy(() -> new CapabilityState(none, null, none))
                .withMessage("permitted");
        assertThatNullPointerException().isThrownBy(() -> new CapabilityState(none, none, null))
                .withMessage("inheritable");
    }
}
