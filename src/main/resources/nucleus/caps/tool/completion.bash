_caps() {
    local current=${COMP_WORDS[COMP_CWORD]} command= choices rule= prefix= first=1 i
    COMPREPLY=()
    if [[ ${COMP_WORDS[1]} == -v ]] && ((COMP_CWORD > 1)); then
        first=2
    fi
    choices=$(_caps_words commands)
    while [[ $choices ]] && ((first < COMP_CWORD)); do
        [[ " $choices " == *" ${COMP_WORDS[first]} "* ]] || return 0
        command+=${command:+ }${COMP_WORDS[first]}
        choices=$(_caps_words "$command commands")
        first=$((first + 1))
    done

    # After --, the words belong to a program.
    for ((i = first; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} == -- && $(_caps_words "$command operand") == COMMAND ]]; then
            if declare -F _command_offset >/dev/null; then
                _command_offset $((i + 1))
            elif ((i + 1 == COMP_CWORD)); then
                mapfile -t COMPREPLY < <(compgen -c -- "$current")
            else
                compopt -o default
            fi
            return 0
        fi
    done

    if ((first < COMP_CWORD)); then
        rule=$(_caps_words "$command ${COMP_WORDS[COMP_CWORD - 1]}")
    fi
    if [[ $rule ]]; then
        :
    elif [[ $current == -* ]]; then
        rule="WORDS $(_caps_words "${command:-caps} options")"
    elif [[ $choices ]]; then
        rule="WORDS $choices"
    else
        rule=$(_caps_words "$command operand")
    fi

    choices=${rule#* }
    case ${rule%% *} in
    USER) mapfile -t COMPREPLY < <(compgen -u -- "$current") ;;
    PID) mapfile -t COMPREPLY < <(compgen -W "$(cd /proc && echo [0-9]*)" -- "$current") ;;
    PATH)
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        ;;
    WORDS) mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current") ;;
    LIST)
        compopt -o nospace
        choices=$(_caps_words "$choices")
        if [[ $current == *,* ]]; then
            prefix=${current%,*},
            current=${current##*,}
        fi
        if [[ $current == cap_* ]]; then
            prefix+=cap_
            current=${current#cap_}
        fi
        mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$choices" -- "$current")
        ;;
    esac
}

complete -F _caps caps
