import { Button, type ButtonProps } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props extends ButtonProps {
  readonly href: string;
  readonly filename?: string;
  readonly label?: string;
  readonly children: ReactNode;
}

/** A link that downloads a file. */
export function DownloadButton({ href, filename, label, children, ...rest }: Props) {
  return (
    <Button
      component="a"
      href={href}
      download={filename ?? true}
      aria-label={label}
      variant="default"
      leftSection={<IconDownload size={18} aria-hidden />}
      {...rest}
    >
      {children}
    </Button>
  );
}
