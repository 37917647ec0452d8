import { Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { forwardRef, type AnchorHTMLAttributes } from 'react';

type Props = ButtonProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps>;

const Anchor = forwardRef<HTMLAnchorElement, Props>(function LinkButtonAnchor(props, ref) {
  return <Button {...props} component="a" ref={ref} />;
});

/** A link to a screen that looks like a button. */
export const LinkButton = createLink(Anchor);
