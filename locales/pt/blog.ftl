# O blogue.
blog = Blogue
blog-heading = Em que pensamos enquanto construímos isto
blog-description = Como funciona um caminho privado da imagem ao modelo 3D, o que consegue e o que não consegue.
blog-feed = Canal RSS
day = { $day }/{ $month }/{ $year }

# A quem escrever.
contact = Contacto
contact-heading = Escrever a quem gere este servidor
contact-description = Perguntas, falhas, desejos ou a imagem de uma criança que tem de desaparecer: como contactar quem gere este servidor.
contact-address = Por correio eletrónico para
contact-subject = Assunto
contact-message = Mensagem
contact-write = Continuar no meu programa de correio
contact-own = O seu programa de correio abre com a mensagem. Nada do que escrever aqui passa por este servidor.
contact-none = Quem gere este servidor não indicou nenhum endereço.
contact-care = Não envie a ninguém o endereço de uma tarefa: quem o conhece pode ver o modelo. Para apagar algo de imediato, carregue no botão da sua página.
