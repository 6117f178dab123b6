//! The directives of Blade, Laravel's template language, by their names.

/// Whether something is printed in the place of the directive; `None` for names that are not Blade's own.
pub(super) fn prints(name: &str) -> Option<bool> {
    let is_one_of = |list: &str| list.split(' ').any(|known| known == name);
    if is_one_of(STEERING) { Some(false) } else { is_one_of(PRINTING).then_some(true) }
}

/// Directives of Blade that print something.
const PRINTING: &str = "\
    yield include includeIf includeWhen includeUnless includeFirst each lang choice json js stack livewire";

/// Directives of Blade that steer, or print nothing that is read.
const STEERING: &str = "\
    append auth aware break can canany cannot case checked class component componentFirst continue csrf dd default \
    disabled dump else elseauth elsecan elsecanany elsecannot elseguest elseif empty endauth endcan endcanany \
    endcannot endcomponent endcomponentFirst endempty endenv enderror endfor endforeach endforelse endfragment \
    endguest endif endisset endonce endphp endprepend endproduction endpush endsection endsession endslot endswitch \
    endunless endverbatim endwhile env error extends extendsFirst for foreach forelse fragment guest hasSection if \
    inject isset method once overwrite parent php prepend prependOnce production props push pushOnce readonly \
    required section sectionMissing selected session show slot stop style switch unless use verbatim vite while";
